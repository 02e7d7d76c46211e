// Prints the page; without script the browser's own menu does.
const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
// What is folded away belongs on paper too.
addEventListener("beforeprint", () => document.querySelectorAll(".annex").forEach((one) => { one.open = true; }));
