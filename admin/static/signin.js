// Names on a trusted computer: one press on a name, and the next key is the PIN's first.
"use strict";
{
  const pin = document.querySelector(".pin input[name=pin]");
  for (const one of document.querySelectorAll(".person input")) {
    one.addEventListener("click", (event) => { if (event.detail) pin.focus(); }); // The arrow keys only choose: the hand stays where it is.
  }
}
