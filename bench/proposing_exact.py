"""Solves exported timetable problems exactly with OR-Tools CP-SAT and states how far ours is from the optimum.

Usage: proposing_exact.py FOLDER SECONDS. The model has the same hard rules and the same cost as the program's own
search; `check` computes the cost of a timetable from scratch, so that both sides are held to one definition.
"""

import json
import pathlib
import sys

from ortools.sat.python import cp_model


class Case:
    def __init__(self, path):
        self.data = json.loads(path.read_text())
        self.items = self.data["items"]
        self.weights = self.data["weights"]
        self.starts, self.day_of = self.data["starts"], self.data["day_of"]
        self.placed = [i for i, item in enumerate(self.items) if item["movable"] or item["home"]]

    def places(self, i):
        """Every (room, position, start, day) that nothing unmovable forbids."""
        item = self.items[i]
        if not item["movable"]:
            home = item["home"]
            return [(home["room"], None, home["start"], home["day"])]
        return [
            (option["room"], p, self.starts[p], self.day_of[p]) for option in item["options"] for p in option["positions"]
        ]

    def clash(self, i, one, j, other, relation):
        a, b = self.items[i], self.items[j]
        end_a, end_b = one[2] + a["length"], other[2] + b["length"]
        if one[0] == other[0]:
            gap = max(a["after"], b["before"]) if one[2] < other[2] else max(a["before"], b["after"])
            if one[2] < end_b + (gap if one[2] >= other[2] else 0) and other[2] < end_a + (gap if one[2] < other[2] else 0):
                return True
        if relation:
            walk = self.data["walks"][one[0]][other[0]] if relation[0] else 0
            if one[2] < end_b + walk and other[2] < end_a + walk:
                return True
        return False

    def seats(self, i, room):
        demand, capacity = self.items[i]["demand"], self.data["rooms"][room]
        if demand <= 0 or capacity is None:
            return 0
        return max(demand - capacity, 0) * self.weights["lacking_seat"] + max(capacity - demand, 0) * self.weights["spare_seat"]

    def link(self, a, b):
        """What two sessions of a forum in a row cost; each is (room, start, end, day)."""
        w = self.weights
        if a[3] != b[3]:
            return w["forum_day_change"]
        gap = b[1] - a[2]
        if gap < 0:
            return w["forum_overlap"]
        return (w["forum_room_change"] if a[0] != b[0] else 0) + min(gap, self.data["longest_gap"]) * w["forum_gap"]

    def check(self, where):
        """The cost of a whole timetable {item: (room, position, start, day)} from scratch."""
        w, cost = self.weights, 0
        days, rooms = [0] * self.data["days"], [0] * len(self.data["rooms"])
        for i, (room, position, start, day) in where.items():
            item = self.items[i]
            days[day] += item["length"]
            rooms[room] += item["length"]
            cost += self.seats(i, room)
            if item["movable"] and item["wishes"]:
                cost += item["wishes"][position]
        for i, j, people in self.data["audience"]:
            if i in where and j in where:
                a, b = where[i], where[j]
                if a[2] < b[2] + self.items[j]["length"] and b[2] < a[2] + self.items[i]["length"]:
                    cost += people * w["torn_person"]
        for forum in range(self.data["forums"]):
            row = sorted((where[i][2], i) for i in where if self.items[i]["forum"] == forum)
            held = [(where[i][0], start, start + self.items[i]["length"], where[i][3]) for start, i in row]
            cost += sum(self.link(a, b) for a, b in zip(held, held[1:]))
        cost += sum(max(load - self.data["day_share"], 0) for load in days) * w["day_excess"]
        cost += sum(max(load - self.data["room_share"], 0) for load in rooms) * w["room_excess"]
        return cost


def solve(case, seconds, hint):
    model, w = cp_model.CpModel(), case.weights
    x, start, day, room = {}, {}, {}, {}
    objective = []
    for i in case.placed:
        item = case.items[i]
        x[i] = [(place, model.new_bool_var("")) for place in case.places(i)]
        model.add_exactly_one(var for _, var in x[i])
        for (r, p, *_), var in x[i]:
            points = case.seats(i, r) + (item["wishes"][p] if item["movable"] and item["wishes"] else 0)
            objective.append(points * var)
            if hint.get(i):
                model.add_hint(var, int((r, p) == hint[i][:2] or not item["movable"]))
        low, high = min(q[2] for q, _ in x[i]), max(q[2] for q, _ in x[i])
        start[i] = model.new_int_var(low, high, "")
        model.add(start[i] == sum(q[2] * var for q, var in x[i]))
        day[i] = model.new_int_var(0, case.data["days"] - 1, "")
        model.add(day[i] == sum(q[3] * var for q, var in x[i]))
        room[i] = model.new_int_var(0, len(case.data["rooms"]) - 1, "")
        model.add(room[i] == sum(q[0] * var for q, var in x[i]))

    relations = {(i, j): (person, forum) for i, j, person, forum in case.data["related"]}
    for n, i in enumerate(case.placed):
        for j in case.placed[n + 1 :]:
            if not (case.items[i]["movable"] or case.items[j]["movable"]):
                continue
            relation = relations.get((i, j))
            for one, a in x[i]:
                against = [b for other, b in x[j] if case.clash(i, one, j, other, relation)]
                if against:
                    # At most one place of j is taken, so one implication carries all of them.
                    model.add(sum(against) == 0).only_enforce_if(a)

    def overlap(i, j):
        """A literal that is true when the two overlap."""
        both, before, after = (model.new_bool_var("") for _ in range(3))
        model.add(start[i] + case.items[i]["length"] <= start[j]).only_enforce_if(before)
        model.add(start[j] + case.items[j]["length"] <= start[i]).only_enforce_if(after)
        model.add_bool_or(both, before, after)
        return both

    for i, j, people in case.data["audience"]:
        if i in x and j in x:
            objective.append(people * w["torn_person"] * overlap(i, j))

    for forum in range(case.data["forums"]):
        members = [i for i in case.placed if case.items[i]["forum"] == forum]
        if len(members) < 2:
            continue
        # A circuit through a depot is the order of the forum's sessions by their start.
        arcs = []
        size = len(case.items)
        for a, i in enumerate(members, 1):
            arcs.append((0, a, model.new_bool_var("")))
            arcs.append((a, 0, model.new_bool_var("")))
            for b, j in enumerate(members, 1):
                if i == j:
                    continue
                follows = model.new_bool_var("")
                arcs.append((a, b, follows))
                model.add(start[i] * size + i < start[j] * size + j).only_enforce_if(follows)
                same_day, same_room, overlaps, short = (model.new_bool_var("") for _ in range(4))
                model.add(day[i] != day[j]).only_enforce_if(same_day.negated())
                model.add(day[i] == day[j]).only_enforce_if(same_day)
                model.add(room[i] == room[j]).only_enforce_if(same_room)
                length = case.items[i]["length"]
                model.add(start[j] < start[i] + length).only_enforce_if(overlaps)
                model.add(start[j] >= start[i] + length).only_enforce_if(overlaps.negated())
                cap = case.data["longest_gap"]
                most = w["forum_day_change"] + w["forum_overlap"] + w["forum_room_change"] + cap * w["forum_gap"]
                points = model.new_int_var(0, most, "")
                model.add(points >= w["forum_day_change"]).only_enforce_if(follows, same_day.negated())
                model.add(points >= w["forum_overlap"]).only_enforce_if(follows, same_day, overlaps)
                change = w["forum_room_change"] * (1 - same_room)
                gap = start[j] - start[i] - length
                calm = (follows, same_day, overlaps.negated())
                model.add(points >= change + w["forum_gap"] * gap).only_enforce_if(*calm, short)
                model.add(points >= change + w["forum_gap"] * cap).only_enforce_if(*calm, short.negated())
                objective.append(points)
        model.add_circuit(arcs)

    total = sum(case.items[i]["length"] for i in case.placed)
    for d in range(case.data["days"]):
        excess = model.new_int_var(0, total, "")
        load = sum(case.items[i]["length"] * var for i in case.placed for q, var in x[i] if q[3] == d)
        model.add(excess >= load - case.data["day_share"])
        objective.append(w["day_excess"] * excess)
    for r in range(len(case.data["rooms"])):
        excess = model.new_int_var(0, total, "")
        load = sum(case.items[i]["length"] * var for i in case.placed for q, var in x[i] if q[0] == r)
        model.add(excess >= load - case.data["room_share"])
        objective.append(w["room_excess"] * excess)

    model.minimize(sum(objective))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 8
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return status, None, solver.best_objective_bound, solver.wall_time
    where = {i: next(q for q, var in x[i] if solver.boolean_value(var)) for i in case.placed}
    cost = case.check(where)
    assert cost == round(solver.objective_value), f"the model says {solver.objective_value}, the definition {cost}"
    return status, cost, solver.best_objective_bound, solver.wall_time


def main():
    folder, seconds = pathlib.Path(sys.argv[1]), float(sys.argv[2])
    print("case sessions |     ours  seconds |    exact  at least  seconds |   gap")
    gaps, open_cases = [], 0
    for path in sorted(folder.glob("*.json")):
        case = Case(path)
        ours = case.data["ours"]
        where = {i: case.places(i)[0] for i in case.placed if not case.items[i]["movable"]}
        where |= {i: (room, p, case.starts[p], case.day_of[p]) for i, room, p in ours["spots"]}
        missing = set(case.placed) - set(where)
        cost = case.check(where)
        assert missing or cost == ours["cost"], f"{path}: the program says {ours['cost']}, the definition {cost}"
        status, best, bound, wall = solve(case, seconds, where)
        proven = status == cp_model.OPTIMAL
        if proven:
            gaps.append((ours["cost"] - best) / max(best, 1) * 100)
        else:
            open_cases += 1
        gap = f"{gaps[-1]:.1f} %" if proven else "not proven"
        line = f"{path.stem:>4} {len(case.placed):8} | {ours['cost']:8} {ours['seconds']:8.2f}"
        print(f"{line} | {best or 0:8} {bound:9.0f} {wall:8.1f} | {gap}", flush=True)
    if gaps:
        print(f"{len(gaps)} proven: mean gap {sum(gaps) / len(gaps):.2f} %, largest {max(gaps):.2f} %; {open_cases} not proven")


main()
