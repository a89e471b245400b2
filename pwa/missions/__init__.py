"""Daily and weekly missions, and streaks. The rules are games/mission.py and games/streak.py."""
