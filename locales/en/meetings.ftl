refusal-meeting-already-marked = What became of this meeting has been marked already.
refusal-meeting-not-yours = A meeting is marked by its host or by the head of the host's team.
refusal-meeting-not-begun = The meeting has not begun. Mark it when its time comes.
refusal-meeting-stale = Somebody changed the meeting meanwhile. Open it again.
invalid-meeting-in-the-past = The time of the meeting has passed.
