#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 44: Recommending places. Where will this user go next? Distance, tags and popularity each know a part.
//
// What it is: an invented city of 400 places and 20,000 visits; the haversine formula; two simple rankings; a linear
// model of choices (the conditional logit of McFadden, 1974) by hand; and the network of `chainrule recommend fit`, two
// towers, on the same visits. What it is not: a real city. The visits were drawn from a formula, which the summary of
// SyntheticCity writes out. What it is good for: how a recommender is judged, and by how much a network is better than
// what is simpler.
//
// It takes half a minute, and --quick, with a smaller city, a few seconds.
using ChainRule;
using ChainRule.Data;
using ChainRule.Metrics;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Zoo.Lectures;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

var options = new LessonOptions(args);
if (!options.Ok()) return Lecture.Misused;
var city = new SyntheticCity(options.Quick ? new(7, Places: 120, Users: 100, VisitsPerUser: 30) : new());

// The files that `chainrule recommend fit` reads.
string folder = Directory.CreateTempSubdirectory("lesson-44-").FullName;
File.WriteAllText(Path.Combine(folder, "places.csv"), city.PlacesCsv());
File.WriteAllText(Path.Combine(folder, "visits.csv"), city.VisitsCsv());
Table places = Csv.Read(Path.Combine(folder, "places.csv")), visits = Csv.Read(Path.Combine(folder, "visits.csv"));
Console.WriteLine($"{places.Rows:N0} places and {visits.Rows:N0} visits. The first of each:\n"
    + $"{Indented(city.PlacesCsv(), 2)}\n{Indented(city.VisitsCsv(), 2)}");

// A distance on the sphere, by hand: a = sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2), d = 2 R asin √a.
double[] north = Numbers(places, "lat"), east = Numbers(places, "lon"), fromNorth = Numbers(visits, "lat"),
    fromEast = Numbers(visits, "lon");
double Haversine(double φ1, double λ1, double φ2, double λ2)
{
    const double Degree = Math.PI / 180;
    double s = Math.Sin((φ2 - φ1) * Degree / 2), t = Math.Sin((λ2 - λ1) * Degree / 2);
    return 2 * 6_371_008.8 * Math.Asin(Math.Sqrt(s * s + Math.Cos(φ1 * Degree) * Math.Cos(φ2 * Degree) * t * t));
}
Console.WriteLine($"Paris to London: {Haversine(48.8566, 2.3522, 51.5074, -0.1278) / 1000:0.000} km by hand, "
    + $"{Geo.Distance(48.8566, 2.3522, 51.5074, -0.1278) / 1000:0.000} km by the library.\n");

// The last visit of each user is held out; rows are in the order of time.
var ids = places.Texts("id").Index().ToDictionary(one => one.Item!, one => one.Index);
int[] went = [.. visits.Texts("place").Select(id => ids[id!])];
string?[] users = visits.Texts("user");
int[] test = [.. Enumerable.Range(0, went.Length).GroupBy(v => users[v]).Select(own => own.Last())];
int[] train = [.. Enumerable.Range(0, went.Length).Except(test)];
double[] popularity = new double[places.Rows];
foreach (int v in train) popularity[went[v]]++;
string[][] tags = [.. places.Texts("tags").Select(Tags)], wanted = [.. visits.Texts("tags").Select(Tags)];

// Three features of a visit v and a place p.
double[] Features(int v, int p) => [-Math.Log(1 + Haversine(fromNorth[v], fromEast[v], north[p], east[p]) / 300),
    tags[p].Intersect(wanted[v]).Count(), Math.Log(1 + popularity[p])];
var rankings = new List<(string Name, double Hit, double Ndcg)>();
void Judge(string name, Func<int, double[]> scores)
{
    int[][] lists = [.. test.Select(v => scores(v).Index().OrderByDescending(one => one.Item).Take(10)
        .Select(one => one.Index).ToArray())], relevant = [.. test.Select(v => new[] { went[v] })];
    rankings.Add((name, Ranking.HitRate(lists, relevant, 10), Ranking.Ndcg(lists, relevant, 10)));
    Console.WriteLine($"    {name,-28}{rankings[^1].Hit,8:0.00}{rankings[^1].Ndcg,8:0.00}");
}
double[] By(int v, double[] w) => [.. Enumerable.Range(0, places.Rows).Select(p =>
    Features(v, p).Zip(w, (x, weight) => x * weight).Sum())];
Console.WriteLine($"{test.Length} visits, the last of each user, are ranked:  hit rate at 10, NDCG at 10");
Judge("nearest first", v => By(v, [1, 0, 0]));
Judge("most visited first", v => By(v, [0, 0, 1]));

// A linear model: P(place) = softmax(w · x). Three weights, by gradient descent on a thousand visits.
int[] few = [.. train.Where((_, i) => i % (train.Length / 1000) == 0).Take(1000)];
var x = Tensor.From([.. few.SelectMany(v => Enumerable.Range(0, places.Rows).SelectMany(p => Features(v, p)))],
    [few.Length, places.Rows, 3]);
var answers = Ids.From([.. few.Select(v => went[v])]);
var w = Tensor.Zeros([3, 1], DType.Float64).RequireGrad();
var adam = new Adam([w], learningRate: 0.1);
for (int step = 0; step < 150; step++)
{
    using var scope = Scope.Begin();
    var loss = x.MatMul(w).Reshape([few.Length, places.Rows]).CrossEntropy(answers);
    adam.ZeroGrad();
    loss.Backward();
    adam.Step();
}
double[] weights = w.ToArray<double>();
Judge("linear model, three weights", v => By(v, weights));
Console.WriteLine($"its weights: nearness {weights[0]:0.00}, a shared tag {weights[1]:0.00}, popularity "
    + $"{weights[2]:0.00}\n");

// The network, as `chainrule recommend fit` trains it. It also knows who asks, and where that user was before.
var config = RunConfig.For(TaskKind.Places, "towers") with { Data = folder };
if (options.Quick) config = config with { Steps = 150 };
var run = TrainingRun.Start(Path.Combine(folder, "run"), config);
run.Train();
var report = PlaceReport.Of(run.Finish())!;
Console.WriteLine($"The network, on {report.Visits:N0} held-out visits (a tenth of each user's):");
foreach (var score in (PlaceScore[])[report.Model, report.UnknownUser, .. report.Baselines])
    Console.WriteLine($"    {score.Name,-40}{score.HitRate,6:0.00}{score.Ndcg,8:0.00}");

// One user, at home, who wants jazz.
var model = PlaceModel.Load(Path.Combine(folder, "run"));
int asking = Array.FindIndex(wanted, own => own.Contains("jazz"));
var answer = model.Recommend(new(fromNorth[asking], fromEast[asking], ["jazz"], users[asking], Count: 5));
Console.WriteLine($"\nUser {users[asking]} looks for jazz:");
foreach (var (place, distance, _, why) in answer.Places)
    Console.WriteLine($"    {place.Name,-28}{distance / 1000,6:0.0} km  {why}");

Series Map(string name, Func<int, bool> which)
{
    int[] own = [.. Enumerable.Range(0, places.Rows).Where(which)];
    return new Series(name, [.. own.Select(p => north[p])]) { X = [.. own.Select(p => east[p])] };
}
var chosen = answer.Places.Select(one => one.Place.Id).ToHashSet();
new Page("Recommending places")
    .Add("The city: every place, by its district.")
    .Add(Chart.Scatter("Places", "longitude", "latitude", [.. SyntheticCity.Districts.Select((name, d) =>
        Map(name, p => city.DistrictOf[p] == d))], new() { Width = 520, Height = 420, Legend = "district" }))
    .Add($"User {users[asking]} looks for jazz: where the user is, places with that tag, and the five that are "
        + "recommended.")
    .Add(Chart.Scatter("Recommended", "longitude", "latitude",
        [Map("other places", p => !tags[p].Contains("jazz")), Map("jazz", p => tags[p].Contains("jazz")),
            Map("recommended", p => chosen.Contains(model.Places[p].Id)),
            new Series("the user", [fromNorth[asking]]) { X = [fromEast[asking]] }],
        new() { Width = 520, Height = 420, Legend = "place" }))
    .Add(Chart.Bar("Hit rate at 10", "ranking", "hit rate",
        [.. ((PlaceScore[])[report.Model, report.UnknownUser, .. report.Baselines]).Select(s => (s.Name, s.HitRate))]))
    .Save("pictures/44-recommending-places.html");
Directory.Delete(folder, recursive: true);
Console.WriteLine("\npictures: pictures/44-recommending-places.html");
return 0;

static string Indented(string text, int lines) =>
    string.Join('\n', text.Split('\n').Take(lines).Select(l => $"    {l}"));

static double[] Numbers(Table table, string column) => [.. table.Numbers(column).Select(number => number!.Value)];

static string[] Tags(string? field) => field?.Split(';') ?? [];

// expected:
// 120 places and 2,983 visits. The first of each:
//     id,name,lat,lon,tags
//     p1,Market Old Town 1,44.992436,-29.999121,market;vegan
//     user,place,lat,lon,time,tags
//     u57,p8,44.970054,-29.944532,0.0819,coffee
// Paris to London: 343.557 km by hand, 343.557 km by the library.
//
// 100 visits, the last of each user, are ranked:  hit rate at 10, NDCG at 10
//     nearest first                   0.33    0.20
//     most visited first              0.30    0.17
//     linear model, three weights     0.56    0.32
// its weights: nearness 1.13, a shared tag 1.27, popularity 1.01
//
// The network, on 299 held-out visits (a tenth of each user's):
//     this model                                0.68    0.47
//     this model, nothing known of the user     0.41    0.24
//     nearest first                             0.29    0.16
//     most visited first                        0.34    0.19
//     nearest first, shared tags preferred      0.35    0.20
//     linear model (conditional logit)          0.67    0.46
//
// User u19 looks for jazz:
//     Bakery Mill 41                10.4 km  visited 20 times before; suits the user's taste
//     Jazz University 32             6.3 km  visited 4 times before; shares jazz
//     Pizza Garden 8                 3.3 km  suits the user's taste; popular (68 visits)
//     Jazz Market 93                 4.1 km  shares jazz; suits the user's taste
//     Jazz University 22             6.0 km  shares jazz; visited once before
//
// pictures: pictures/44-recommending-places.html
