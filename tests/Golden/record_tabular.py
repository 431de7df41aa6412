"""Records outputs, losses and gradients of the networks of tables and of places, written down in PyTorch under the names of ChainRule's own, into tabular.json.

table_mlp    "output" is the members' outputs one under the other where the step trains, and their mean where it does not; with args.goals it
             is the mean squared error of the members' outputs against them.
place_towers "output" is the scores of the places; args.users and args.places are the rows of the embeddings. An upstream gradient goes back from them
             and not from their cross-entropy, for which that of place_out.bias is 0 whatever else is wrong.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

from golden import normal
from golden_layers import LayerRecording

FEATURES = 8


class Member(nn.Module):
    def __init__(self, o):
        super().__init__()
        columns, waves, layers = o["columns"], o["frequencies"], []
        inputs = columns * (2 + 2 * waves)
        for _ in range(o["layers"]):
            layers += [nn.Linear(inputs, o["hidden"]), nn.GELU()]
            inputs = o["hidden"]
        if waves:
            self.frequencies = nn.Parameter(torch.zeros(columns, waves))
        self.hidden = nn.Sequential(*layers)
        self.head = nn.Linear(inputs, o["outputs"])
        self.line = nn.Linear(columns, o["outputs"], bias=False)

    def forward(self, x):
        inputs = [x, x.sign() * torch.log1p(x.abs())]
        if hasattr(self, "frequencies"):
            angles = (x[:, :, None] * self.frequencies).flatten(1)
            inputs += [angles.sin(), angles.cos()]
        return self.head(self.hidden(torch.cat(inputs, 1))) + self.line(x)


class TableMlp(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.members = nn.ModuleList(Member(o) for _ in range(o["members"]))
        self.goals = o.get("goals")

    def forward(self, x):
        outputs = [member(x) for member in self.members]
        y = torch.cat(outputs) if self.training else torch.stack(outputs).mean(0)
        if self.goals is None:
            return y
        target = torch.tensor(self.goals, dtype=y.dtype)[:, None]
        return F.mse_loss(y, target.repeat(len(y) // len(target), 1))


class PlaceTowers(nn.Module):
    def __init__(self, o):
        super().__init__()
        tags, hidden, factors = o["tags"], o["hidden"], o["factors"]
        self.users = nn.Embedding(o["known_users"] + 1, factors)
        self.places = nn.Embedding(o["known_places"] + 1, factors)
        self.query = nn.Sequential(nn.Linear(2 * tags + 3, hidden), nn.GELU())
        self.query_out = nn.Linear(hidden, factors)
        self.place = nn.Sequential(nn.Linear(tags + 3, hidden), nn.GELU())
        self.place_out = nn.Linear(hidden, factors)
        self.weights = nn.Linear(hidden + factors, FEATURES)
        self.of_users, self.of_places = torch.tensor(o["users"]), torch.tensor(o["places"])

    def forward(self, tags, profile, locations, place_tags, place_locations, features):
        h = self.query(torch.cat([tags, profile, locations], 1))
        g = self.place(torch.cat([place_tags, place_locations], 1))
        user, place = self.users(self.of_users), self.places(self.of_places)
        taste = (self.query_out(h) + user) @ (self.place_out(g) + place).T
        return taste + torch.einsum("bck,bk->bc", features, self.weights(torch.cat([h, user], 1)))


recording = LayerRecording("tabular.json")


def table(note, rows, modes=(True, False), **args):
    recording.layer("table_mlp", lambda: TableMlp(args), inputs=[normal(rows, args["columns"])], modes=modes, note=note, **args)


SIZES = {"hidden": 4, "layers": 2, "members": 2}
table("classes, with waves", 3, columns=2, outputs=3, frequencies=2, **SIZES)
table("numbers, without waves", 4, columns=3, outputs=1, frequencies=0, goals=[0.5, -1.25, 3, 1], **SIZES)
table("one network of one layer", 3, modes=(True,), columns=2, outputs=2, frequencies=1, hidden=3, layers=1, members=1)

TOWERS = {"tags": 3, "hidden": 4, "factors": 2, "known_users": 2, "known_places": 3, "users": [1, 0, 2], "places": [1, 2, 3, 0]}
QUERIES, CANDIDATES = len(TOWERS["users"]), len(TOWERS["places"])
recording.layer("place_towers", lambda: PlaceTowers(TOWERS), note="all places",
                inputs=[normal(QUERIES, 3), normal(QUERIES, 3), normal(QUERIES, 3), normal(CANDIDATES, 3), normal(CANDIDATES, 3),
                        normal(QUERIES, CANDIDATES, FEATURES)], **TOWERS)

recording.write()
