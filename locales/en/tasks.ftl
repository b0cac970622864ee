refusal-task-already-done = This task is done already. Refresh the list.
refusal-task-already-theirs = The task is with this person already.
refusal-task-person-gone = This person cannot be given a task: their access is closed. Choose another.
refusal-task-stale = Somebody has just changed this task. Refresh the list and try again.
invalid-task-in-the-past = That time has passed. Choose a time ahead.
task-late = overdue
