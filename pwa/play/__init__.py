"""One play of a game: wheel spins, quiz attempts. Rules are in games/; the server decides."""
