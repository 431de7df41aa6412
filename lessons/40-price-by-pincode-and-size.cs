#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 40: A price by pincode and size. One house, one wrong prediction, and what the cost of it does.
//
// What it is: the smallest price model: a price for each pincode, and a price for each square metre. It predicts 1
// million for a house that was sold for 1.5 million; the squared error of that, its derivatives by hand, and training
// by gradient descent, with the cost before and after. Then the same with the pincode taken for a number, which it is
// not. Lesson 08 comes before it, and lesson 37 goes on. A second.
using ChainRule.Zoo.Lectures;
using ChainRule;
using ChainRule.Optim;
using ChainRule.Pictures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("A price by pincode and size");

// Prices in millions; sizes in hundreds of square metres, so that both are near 1.
(string Pincode, double Size, double Price)[] houses =
[
    ("560034", 1.0, 1.50), ("560034", 0.6, 1.05), ("560034", 1.4, 1.98), ("560034", 0.8, 1.24),
    ("110001", 1.0, 1.94), ("110001", 0.5, 1.41), ("110001", 1.2, 2.19), ("110001", 0.7, 1.58),
    ("781001", 1.0, 1.72), ("781001", 1.6, 2.33), ("781001", 0.9, 1.55), ("781001", 1.3, 2.01),
];
string[] pincodes = [.. houses.Select(house => house.Pincode).Distinct()];
int count = houses.Length;

// A column for each pincode, with a 1 where the house stands (one-hot), and one for the size.
var x = new double[count, pincodes.Length + 1];
for (int i = 0; i < count; i++)
    (x[i, Array.IndexOf(pincodes, houses[i].Pincode)], x[i, pincodes.Length]) = (1, houses[i].Size);
Tensor inputs = Tensor.From(x), prices = Tensor.From(houses.Select(house => house.Price).ToArray(), [count, 1]);

// Before training: half a million for any pincode, and half a million for 100 m².
Tensor weights = Tensor.From(new double[,] { { 0.5 }, { 0.5 }, { 0.5 }, { 0.5 } }).RequireGrad();
double[] before = inputs.MatMul(weights).ToArray<double>();

double predicted = before[0], actual = houses[0].Price, error = predicted - actual;
Console.WriteLine($"""
    1. A house of 100 m² at pincode {houses[0].Pincode}: 0.5 for the pincode + 0.5 · 1.0 for the size.
        predicted {predicted:0.00} million, actual {actual:0.00} million
        error {error:0.00}, squared error {error * error:0.00} (millions²)

       The cost is squared so that it is never negative, and very large when the prediction is very wrong:
        error          0.1         0.5         1.0         2.0
        squared{string.Concat(new[] { 0.1, 0.5, 1, 2 }.Select(e => $"{e * e,12:0.00}"))[1..]}
    """);

Tensor Cost() => inputs.MatMul(weights).MseLoss(prices);
double cost = Cost().Item();
Console.WriteLine($"\n2. The mean over all {count} houses, the mean squared error, is the cost before training: "
    + $"{cost:0.0000}");

// d (ŷ − y)² / dw = 2 (ŷ − y) x: by the chain rule, for this house alone, and by backward.
inputs.Slice(0, 0, 1).MatMul(weights).MseLoss(prices.Slice(0, 0, 1)).Backward();
Console.WriteLine($"""

    3. Which way is down? By the chain rule the derivative of the squared error of the first house is 2 (ŷ − y) x:
                            x    by hand   by backward
    """);
for (int c = 0; c <= pincodes.Length; c++)
    Console.WriteLine($"        {(c < pincodes.Length ? pincodes[c] : "size"),-9}{x[0, c],8:0.0}"
        + $"{2 * error * x[0, c] + 0,11:0.00}{weights.Grad[c, 0],14:0.00}");
Console.WriteLine("   Negative: both weights of this house should grow. Those of the other pincodes stay.");

Console.WriteLine("\n4. Gradient descent on all houses, learning rate 0.3:");
var sgd = new Sgd([weights], 0.3);
var costs = new List<double>();
for (int step = 0; step <= 200; step++)
{
    var loss = Cost();
    costs.Add(loss.Item());
    if (step is 0 or 1 or 10 or 100 or 200)
        Console.WriteLine($"        step {step,3}: cost {loss.Item():0.000000}, the first house at "
            + $"{inputs.MatMul(weights)[0, 0]:0.000} million");
    sgd.ZeroGrad();
    loss.Backward();
    sgd.Step();
}
double[] after = inputs.MatMul(weights).ToArray<double>();
Console.WriteLine($"""
        Before {costs[0]:0.0000}, after {costs[^1]:0.0000}: {costs[0] / costs[^1]:N0} times less.
        What it learned, in millions: {string.Join(", ",
            pincodes.Append("100 m²").Select((name, i) => $"{name} {weights[i, 0]:0.00}"))}.
    """);

// The pincode as a number, scaled to 0 … 1, with a weight and a bias: the best line, found at once.
double Scaled(string pincode) => (double.Parse(pincode) - 110001) / (781001 - 110001);
var asNumber = Tensor.From(new double[count, 2]);
for (int i = 0; i < count; i++)
    (asNumber.Write<double>()[2 * i], asNumber.Write<double>()[2 * i + 1]) =
        (Scaled(houses[i].Pincode), houses[i].Size);
var line = ChainRule.Classical.LinearRegression.Fit(asNumber, prices);
var oneHot = ChainRule.Classical.LinearRegression.Fit(inputs, prices, dropDependent: true);
double Mse(Tensor guess) => guess.Reshape(count, 1).MseLoss(prices).Item();
var unseen = Tensor.From(new double[,] { { Scaled("682001"), 1 } });
Console.WriteLine($"""

    5. A pincode is a name, written in digits. Taken for a number, one weight has to serve all of them: the best cost
       is {Mse(line.Predict(asNumber)):0.0000}, against {Mse(oneHot.Predict(inputs)):0.0000} with a column for each.
       Worse, it believes that what lies between two numbers lies between two prices: at 682001, of which it knows
       nothing, {line.Predict(unseen).Item():0.00} million for 100 m².
    """);

page.Add("The cost of one house, over what is predicted for it. Before training the prediction stood at 1 million.")
    .Add(Chart.Layer("Squared error of a house that was sold for 1.5 million",
        Chart.Line("Cost", "predicted, in millions", "squared error", [Series.Of("squared error",
            guess => (guess - actual) * (guess - actual), 0, 3)]),
        Chart.Scatter("Houses", "predicted", "cost",
            [new("before", [error * error]) { X = [predicted], Labels = ["before"], Hue = Hue.Orange },
                new("after", [(after[0] - actual) * (after[0] - actual)])
                    { X = [after[0]], Labels = ["after"], Hue = Hue.Green }])))
    .Add(Chart.Line("The cost of all houses falls", "step", "mean squared error", [new("cost", costs)],
        new ChartOptions { LogY = true }))
    .Add("After training each pincode has a line of its own, and all lines rise alike.")
    .Add(Chart.Layer("Houses and lines",
        Chart.Scatter("Houses", "size, in 100 m²", "price, in millions", [.. pincodes.Select(code => new Series(code,
            [.. houses.Where(house => house.Pincode == code).Select(house => house.Price)])
            { X = [.. houses.Where(house => house.Pincode == code).Select(house => house.Size)] })]),
        Chart.Line("Lines", "", "", [.. pincodes.Select((code, i) => Series.Of(code,
            size => weights[i, 0] + size * weights[pincodes.Length, 0], 0.4, 1.7))])))
    .Save("pictures/40-price-by-pincode-and-size.html");
Console.WriteLine("\npictures: pictures/40-price-by-pincode-and-size.html");
return 0;

// expected:
// 1. A house of 100 m² at pincode 560034: 0.5 for the pincode + 0.5 · 1.0 for the size.
//     predicted 1.00 million, actual 1.50 million
//     error -0.50, squared error 0.25 (millions²)
//
//    The cost is squared so that it is never negative, and very large when the prediction is very wrong:
//     error          0.1         0.5         1.0         2.0
//     squared       0.01        0.25        1.00        4.00
//
// 2. The mean over all 12 houses, the mean squared error, is the cost before training: 0.5630
//
// 3. Which way is down? By the chain rule the derivative of the squared error of the first house is 2 (ŷ − y) x:
//                         x    by hand   by backward
//         560034        1.0      -1.00         -1.00
//         110001        0.0       0.00          0.00
//         781001        0.0       0.00          0.00
//         size          1.0      -1.00         -1.00
//    Negative: both weights of this house should grow. Those of the other pincodes stay.
//
// 4. Gradient descent on all houses, learning rate 0.3:
//         step   0: cost 0.562967, the first house at 1.000 million
//         step   1: cost 0.036296, the first house at 1.550 million
//         step  10: cost 0.001549, the first house at 1.520 million
//         step 100: cost 0.000623, the first house at 1.499 million
//         step 200: cost 0.000552, the first house at 1.499 million
//     Before 0.5630, after 0.0006: 1,019 times less.
//     What it learned, in millions: 560034 0.38, 110001 0.83, 781001 0.56, 100 m² 1.12.
//
// 5. A pincode is a name, written in digits. Taken for a number, one weight has to serve all of them: the best cost
//    is 0.0151, against 0.0005 with a column for each.
//    Worse, it believes that what lies between two numbers lies between two prices: at 682001, of which it knows
//    nothing, 1.60 million for 100 m².
//
// pictures: pictures/40-price-by-pincode-and-size.html
