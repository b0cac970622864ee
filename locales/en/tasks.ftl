refusal-task-already-done = This task is done already. Refresh the list.
refusal-task-already-theirs = The task is with this person already.
refusal-task-person-gone = This person cannot be given a task: their access is closed. Choose another.
refusal-task-stale = Somebody has just changed this task. Refresh the list and try again.
invalid-task-in-the-past = That time has passed. Choose a time ahead.
task-late = overdue
tasks = Tasks
tasks-open-count = { $count ->
    [one] { $count } open
   *[other] { $count } open
}
tasks-late-count = { $count ->
    [one] { $count } overdue
   *[other] { $count } overdue
}
promises-late-count = { $count ->
    [one] { $count } overdue promise
   *[other] { $count } overdue promises
}
steps-late-count = { $count ->
    [one] { $count } overdue step
   *[other] { $count } overdue steps
}
tasks-views = Which tasks
tasks-view-open = All open
tasks-view-due = Within a day
tasks-view-overdue = Overdue
tasks-view-done = Done
tasks-whose-mine = mine
tasks-whose-team = the team's
tasks-none-open = No open tasks
tasks-none-due = Nothing due within a day
tasks-none-overdue = Nothing is overdue
tasks-none-done = Nothing done yet
tasks-none-why = What has to be done by a time comes here: what you wrote down, what your head gave you, and what dates and contracts of clients remind of.
tasks-promised = Promised to clients
tasks-next-page = Next
task-new = New task
task-about = About: { $name }
task-what = What to do
task-due = Due
task-person = Who
task-company = Company
task-origin = From
task-origin-person = written down
task-origin-handoff = hand-off
task-origin-date = important date
task-origin-renewal = contract ends
task-origin-prototype = answer about a prototype
task-act = Actions
task-add = Write down the task
task-do = Done
task-do-of = Done: { $what }
task-done-at = done { $at }
task-put-off = Put off
task-put-off-now = Put off
task-put-off-count = { $count ->
    [one] put off { $count } time
   *[other] put off { $count } times
}
task-later-tomorrow = tomorrow at 10
task-later-days = in 3 days at 10
task-later-week = in a week at 10
task-give = Give
