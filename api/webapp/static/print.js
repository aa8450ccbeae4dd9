const button = document.querySelector("#drucken");
button.hidden = false;
button.addEventListener("click", () => window.print());
