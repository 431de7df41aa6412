#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 20: Diagnostics of a deep network. Five hidden layers, and the five pictures that say whether a network is
// healthy before anyone waits for its loss.
//
// What it is: makemore part 3's deep network (six linear layers with batch normalisation), trained for a thousand
// steps, and what its activations, gradients, weights and updates measure then, in the lecture's own figures. What it
// is not: a good name generator; a thousand steps only warm it up. It takes two seconds, --quick or not.
using ChainRule;
using ChainRule.Diagnostics;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;
const int Context = 3, Width = 10, Hidden = 100, Depth = 6;
var names = Names.FromFile(path);
var examples = names.Examples(Context);

var g = new TorchRandom(2147483647);
var C = Tensor.Randn([27, Width], g).RequireGrad();
var layers = new Layer[Depth];
for (int i = 0; i < Depth; i++)
    layers[i] = new(i == 0 ? Context * Width : Hidden, i == Depth - 1 ? 27 : Hidden, g, last: i == Depth - 1);
Tensor[] parameters = [C, .. layers.SelectMany(layer => new[] { layer.Weight, layer.Gain, layer.Bias })];
Lecture.Compare("parameters", "47024", parameters.Sum(p => p.Count));

var activations = new Dictionary<string, Tensor>();
Tensor Forward(Ids contexts, bool training)
{
    activations.Clear();
    var h = C.Rows(contexts).Reshape(-1, Context * Width);
    for (int i = 0; i < Depth; i++)
    {
        h = layers[i].Forward(h, training);
        if (i < Depth - 1) activations[$"tanh {i + 1}"] = h = h.Tanh();
    }
    return h;
}

Console.WriteLine("""

    A thousand steps of plain gradient descent, learning rate 0.1. After each one we record, for every weight matrix,
    how large the step was against the weights: log10 of std(learning rate x gradient) / std(weights). The rule of thumb
    is -3: a weight changes by a thousandth of its size each step. Above -2 it is a lot.

    """);
var matrices = layers.Select((layer, i) => KeyValuePair.Create($"weight {i + 1}", layer.Weight))
    .Prepend(KeyValuePair.Create("embedding", C)).ToArray();
var ratios = matrices.Select(_ => new List<double>()).ToArray();
var losses = new List<double>();
var optimizer = new Sgd(parameters, learningRate: 0.1);
var batch = new int[32];
for (int step = 0; step < 1000; step++)
{
    using var scope = Scope.Begin();
    Train();
    var report = UpdateRatio.Of(matrices, optimizer.Step);
    for (int i = 0; i < matrices.Length; i++) ratios[i].Add(report.Lines[i].Log10);
}
double Train()
{
    g.Integers(batch, 0, examples.Train.Count);
    var loss = Forward(examples.Train.Inputs.Rows(batch), training: true)
        .CrossEntropy(examples.Train.Targets.Rows(batch));
    optimizer.ZeroGrad();
    loss.Backward();
    losses.Add(loss.Item());
    return loss.Item();
}
// The last step is not taken back: its activations and gradients are what is looked at.
Train();
Lecture.Compare("first loss", "3.2870", losses[0]);

Console.WriteLine("""

    Activations. With a good gain, every tanh layer has the same standard deviation and only a few per cent of its
    outputs are saturated, beyond 0.97.
    """);
var units = Saturation.Of(activations);
string[] lecture = ["0.63 2.78 %", "0.64 2.56 %", "0.65 2.25 %", "0.65 1.69 %", "0.65 1.88 %"];
foreach (var (line, printed) in units.Lines.Zip(lecture))
    Lecture.Compare($"{line.Layer}, std and saturated", printed,
        $"{line.Std:0.00} {100 * line.SaturatedFraction:0.00} %");

Console.WriteLine("""

    Gradients at those activations. They should neither vanish nor explode in the backward pass: the first layer gets as
    much as the last.
    """);
lecture = ["2.6407e-03", "2.2456e-03", "2.0457e-03", "1.9831e-03", "1.9524e-03"];
foreach (var (line, printed) in GradientFlow.Of(activations).Lines.Zip(lecture))
    Lecture.Compare($"{line.Parameter}, gradient's std", printed, line.Std);

Console.WriteLine("""

    Gradients of the weight matrices, and their size against the weights. The last layer's is the largest, because it
    was made a tenth of its size to begin with; it settles.
    """);
lecture = ["8.0205e-03 8.0126e-03", "9.2411e-03 4.8811e-02", "7.1329e-03 6.9646e-02", "6.2343e-03 6.0737e-02",
    "5.7422e-03 5.6315e-02", "5.6722e-03 5.5701e-02", "1.2094e-02 1.1601e-01"];
optimizer.Step();     // as in the lecture, the gradient is held against the weights after the step
foreach (var (line, printed) in GradientFlow.Of(matrices).Lines.Zip(lecture))
    Lecture.Compare($"{line.Parameter}, gradient's std and its ratio", printed,
        $"{line.Std:0.0000e-00} {line.Ratio:0.0000e-00}");
Console.WriteLine("\nUpdates against the weights, log10, after 1,000 steps, as in the lecture's figure: embedding "
    + $"about -3.1: {Math.Abs(ratios[0][^1] + 3.1) < 0.2}; the six weights from -2.4 to -1.9: "
    + $"{ratios.Skip(1).All(r => r[^1] is > -2.4 and < -1.9)}.\nSo the rule holds for the embedding alone: a learning "
    + "rate of 0.1 is fast for the six.");

Dictionary<string, Tensor> measured = new(activations);       // the next forward passes are for losses and names
using var quiet = NoGrad.Begin();
Lecture.Compare("training loss, whole", "2.4002976",
    Forward(examples.Train.Inputs, training: false).CrossEntropy(examples.Train.Targets).Item(), within: 2e-6);
Lecture.Compare("validation loss", "2.3982467",
    Forward(examples.Validation.Inputs, training: false).CrossEntropy(examples.Validation.Targets).Item(),
    within: 2e-6);

Console.WriteLine("\nTwenty names. The lecture printed carpah, qarlileif and jmrix first:");
var draw = new TorchRandom(2147483647ul + 10);
var drawn = new List<string>();
while (drawn.Count < 20)
{
    List<int> ids = [0, 0, 0];
    do ids.Add(draw.Multinomial(Forward(Ids.From([.. ids[^3..]], [1, 3]), training: false).Softmax().Read<float>()));
    while (ids[^1] != 0);
    drawn.Add(names.Vocabulary.Decode([.. ids[3..]]));
}
Console.WriteLine(string.Join(" ", drawn));
Lecture.Compare("first three names", "carpah. qarlileif. jmrix.", string.Join(" ", drawn[..3]));

new Page("Diagnostics of a deep network")
    .Add(Chart.Histogram("Weights, by layer", "weight", [.. matrices.Select(m => Series.Of(m.Key, m.Value))]))
    .Add("Five pictures to look at before waiting for a loss. Shapes that lie over one another are good news: every "
        + "layer is in the same condition.")
    .Add(Chart.Histogram("Activations, by layer", "activation",
        [.. measured.Select(layer => Series.Of(layer.Key, layer.Value))]))
    .Add(Chart.Histogram("Gradients at the activations, by layer", "gradient",
        [.. measured.Select(layer => Series.Of(layer.Key, layer.Value.Grad))]))
    .Add(Chart.Histogram("Gradients of the weights, by layer", "gradient",
        [.. matrices.Select(m => Series.Of(m.Key, m.Value.Grad))]))
    .Add(Chart.Line("Size of the updates against the weights", "step", "log10",
        [.. matrices.Select((m, i) => new Series(m.Key, ratios[i]))], new() { RuleY = -3 }))
    .Add(Chart.Line("Loss of each batch", "step", "loss", [new("loss", losses)]))
    .Save("pictures/20-diagnostics.html");
Console.WriteLine("\npictures: pictures/20-diagnostics.html");
return 0;
// A linear layer without bias and its batch normalisation, as the lecture writes them: variance over n - 1, running
// statistics with a momentum of a tenth.
sealed class Layer
{
    public readonly Tensor Weight, Gain, Bias;
    readonly Tensor _mean, _variance;

    public Layer(int inputs, int outputs, TorchRandom g, bool last)
    {
        Weight = (Tensor.Randn([inputs, outputs], g) / Math.Sqrt(inputs)).RequireGrad();
        Gain = Tensor.Full([outputs], last ? 0.1 : 1).RequireGrad();      // the last layer less sure of itself
        Bias = Tensor.Zeros([outputs]).RequireGrad();
        (_mean, _variance) = (Tensor.Zeros([outputs]), Tensor.Ones([outputs]));
    }

    public Tensor Forward(Tensor x, bool training)
    {
        x = x.MatMul(Weight);
        if (!training) return Gain * (x - _mean) / (_variance + 1e-5).Sqrt() + Bias;
        Tensor mean = x.Mean(0), variance = x.Var(0);
        using (NoGrad.Begin())
        {
            _mean.CopyInPlace(0.9 * _mean + 0.1 * mean);
            _variance.CopyInPlace(0.9 * _variance + 0.1 * variance);
        }
        return Gain * (x - mean) / (variance + 1e-5).Sqrt() + Bias;
    }
}

// expected:
// parameters: 47024 | lecture: 47024 | agrees
//
// A thousand steps of plain gradient descent, learning rate 0.1. After each one we record, for every weight matrix,
// how large the step was against the weights: log10 of std(learning rate x gradient) / std(weights). The rule of thumb
// is -3: a weight changes by a thousandth of its size each step. Above -2 it is a lot.
//
// first loss: 3.2870 | lecture: 3.2870 | agrees
//
// Activations. With a good gain, every tanh layer has the same standard deviation and only a few per cent of its
// outputs are saturated, beyond 0.97.
// tanh 1, std and saturated: 0.63 2.78 % | lecture: 0.63 2.78 % | agrees
// tanh 2, std and saturated: 0.64 2.56 % | lecture: 0.64 2.56 % | agrees
// tanh 3, std and saturated: 0.65 2.25 % | lecture: 0.65 2.25 % | agrees
// tanh 4, std and saturated: 0.65 1.69 % | lecture: 0.65 1.69 % | agrees
// tanh 5, std and saturated: 0.65 1.88 % | lecture: 0.65 1.88 % | agrees
//
// Gradients at those activations. They should neither vanish nor explode in the backward pass: the first layer gets as
// much as the last.
// tanh 1, gradient's std: 2.6407e-03 | lecture: 2.6407e-03 | agrees
// tanh 2, gradient's std: 2.2456e-03 | lecture: 2.2456e-03 | agrees
// tanh 3, gradient's std: 2.0457e-03 | lecture: 2.0457e-03 | agrees
// tanh 4, gradient's std: 1.9831e-03 | lecture: 1.9831e-03 | agrees
// tanh 5, gradient's std: 1.9524e-03 | lecture: 1.9524e-03 | agrees
//
// Gradients of the weight matrices, and their size against the weights. The last layer's is the largest, because it
// was made a tenth of its size to begin with; it settles.
// embedding, gradient's std and its ratio: 8.0205e-03 8.0126e-03 | lecture: 8.0205e-03 8.0126e-03 | agrees
// weight 1, gradient's std and its ratio: 9.2411e-03 4.8811e-02 | lecture: 9.2411e-03 4.8811e-02 | agrees
// weight 2, gradient's std and its ratio: 7.1329e-03 6.9646e-02 | lecture: 7.1329e-03 6.9646e-02 | agrees
// weight 3, gradient's std and its ratio: 6.2343e-03 6.0737e-02 | lecture: 6.2343e-03 6.0737e-02 | agrees
// weight 4, gradient's std and its ratio: 5.7422e-03 5.6315e-02 | lecture: 5.7422e-03 5.6315e-02 | agrees
// weight 5, gradient's std and its ratio: 5.6722e-03 5.5701e-02 | lecture: 5.6722e-03 5.5701e-02 | agrees
// weight 6, gradient's std and its ratio: 1.2094e-02 1.1601e-01 | lecture: 1.2094e-02 1.1601e-01 | agrees
//
// Updates against the weights, log10, after 1,000 steps, as in the lecture's figure: embedding about -3.1: True; the six weights from -2.4 to -1.9: True.
// So the rule holds for the embedding alone: a learning rate of 0.1 is fast for the six.
// training loss, whole: 2.4002976 | lecture: 2.4002976 | agrees within 0.000002
// validation loss: 2.3982468 | lecture: 2.3982467 | agrees within 0.000002
//
// Twenty names. The lecture printed carpah, qarlileif and jmrix first:
// carpah. qarlileif. jmrix. thty. sacansa. jazhnte. dpn. arciigqeiunellaia. chriiv. kalein. dhlm. join. qhinn. sroin. arian. quiqaelogiearyxix. kaeklinsan. ed. ecoia. gtleley.
// first three names: carpah. qarlileif. jmrix. | lecture: carpah. qarlileif. jmrix. | agrees
//
// pictures: pictures/20-diagnostics.html
