// A table, code or diagram that is wider than the page scrolls. So that a keyboard can scroll it too, it may have the
// focus; what goes on to the right is marked for the style sheet.
const more = (box) => box.toggleAttribute("data-more", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
const reach = () => {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code, div.mermaid")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
    more(box);
  }
};
new MutationObserver(reach).observe(document.body, { childList: true, subtree: true });
addEventListener("resize", reach);
addEventListener("scroll", ({ target }) => target instanceof Element && target.tabIndex === 0 && more(target), true);
reach();
