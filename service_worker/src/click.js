self.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  const data = notification.data || {};
  const chosen = Array.isArray(data.actions) && data.actions.find((one) => one.action === action);
  // The tap is for opening; the beacon only follows it.
  event.waitUntil(Promise.all([goTo(ours((chosen || data).navigate)), beacon(data.id, "clicked")]));
});

// Only ever to our own pages, whatever the message said.
function ours(address) {
  try {
    const url = new URL(address || "/", self.location.origin);
    return url.origin === self.location.origin ? url.href : self.location.origin;
  } catch {
    return self.location.origin;
  }
}

// Focus first, then navigate: the other way round used up the tap on Android, and nothing opened.
async function goTo(url) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = windows.find((one) => one.url === url) || windows[0];
  if (!open) return self.clients.openWindow(url);
  const focused = await open.focus();
  return focused.url === url ? focused : focused.navigate(url).catch(() => self.clients.openWindow(url));
}
