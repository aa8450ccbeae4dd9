
// Of the documentation site: a diagram keeps its own size, in which its letters can be read, instead of that of the page.
((begin) => {
  const natural = { useMaxWidth: false };
  mermaid.initialize = (config) =>
    begin({ ...config, er: natural, flowchart: natural, state: natural, sequence: { ...config.sequence, ...natural } });
})(mermaid.initialize);
