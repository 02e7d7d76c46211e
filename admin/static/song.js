// The one stream of what waits, for all pages of a browser: each stream holds a connection, and browsers open six to a house at most.
"use strict";
const AGAIN = 10000;
const ports = new Set();
let stream = null;
let openedAt = 0;

const tell = (words) => { for (const port of ports) port.postMessage(words); };

function open() {
  if (stream) stream.close();
  openedAt = performance.now();
  stream = new EventSource("/admin/song");
  stream.onmessage = (event) => tell(event.data);
  stream.onerror = () => tell(""); // Broken: each page asks by itself now.
}

onconnect = (event) => {
  const port = event.ports[0];
  ports.add(port);
  port.onmessage = ({ data }) => {
    if (data === "bye") {
      ports.delete(port);
      if (!ports.size && stream) stream.close();
    } else if (performance.now() - openedAt > AGAIN) open(); // Nothing came for a while: a line may be dead without saying so.
  };
  if (!stream || stream.readyState === EventSource.CLOSED) open();
};
