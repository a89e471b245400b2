from pwa.messages.senders import init

__all__ = ["init"]
