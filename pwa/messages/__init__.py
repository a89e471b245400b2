"""Words to one person outside the app: by WhatsApp, by e-mail, or onto a developer's screen."""
