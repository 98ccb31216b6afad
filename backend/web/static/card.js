// A drawn card's QR code opens this page as /#CODE. The part after # never reaches the server;
// here it only saves typing, and is wiped from the address bar at once.
(() => {
  const field = document.getElementById("code");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !/^[A-Za-z0-9-]{12,16}$/.test(code)) return;
  field.value = code.toUpperCase();
  history.replaceState(null, "", location.pathname + location.search);
})();
