#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 49: Sounds. What frequencies are in a signal, when they are there, and a network that hears the difference.
//
// What it is: the Fourier transform, by its sum and by the fast algorithm; spectrograms; then seeded sounds of four
// kinds, a tone, a rising and a falling chirp, and two tones one after the other, told apart by convolutions over time.
// What it is not: speech. The sounds are made by the program; noise hides them. Half a minute, --quick a few seconds.
using System.Numerics;
using ChainRule;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Signals;
using ChainRule.Training;
using ChainRule.Zoo.Lectures;
using ChainRule.Zoo.Sequences;

var options = new LessonOptions(args);
bool quick = options.Quick;
if (!options.Ok()) return Lecture.Misused;
const int Rate = SyntheticSequences.SampleRate, Length = SyntheticSequences.SoundLength;
string[] kinds = [.. SyntheticSequences.Classes(SequenceProblem.Chirps)];

// Xₖ = Σⱼ xⱼ e^(−2πi jk / n): how much of the wave that goes round k times is in the signal.
double[] mixed = [.. Enumerable.Range(0, Length).Select(j => Math.Sin(2 * Math.PI * 125 * j / Rate)
    + 0.5 * Math.Sin(2 * Math.PI * 500 * j / Rate))];
var slow = new Complex[Length / 2 + 1];
for (int k = 0; k < slow.Length; k++)
    for (int j = 0; j < Length; j++)
        slow[k] += mixed[j] * Complex.FromPolarCoordinates(1, -2 * Math.PI * j * k / Length);
var fast = FourierTransform.ForwardReal(mixed);
double[] hertz = FourierTransform.Frequencies(Length, Rate), strength = [.. fast.Select(Complex.Abs)];
string Wave(int k) => $"{hertz[k]:0} Hz (strength {strength[k]:0})";
int[] loudest = [.. Enumerable.Range(0, hertz.Length).OrderByDescending(k => strength[k]).Take(2).Order()];
double[] back = FourierTransform.InverseReal(fast, Length);
Console.WriteLine($"""
    1. A signal of {Length} numbers, {Rate} a second: a wave of 125 Hz and one of 500 Hz, half as strong. Its Fourier
       transform says which frequencies are in it: {string.Join(" and ", loudest.Select(Wave))}.

       the sum takes n² steps, the fast algorithm n log n: {(long)Length * Length:N0} against about {Length * 9:N0}
       both agree to 1e-9: {slow.Zip(fast, (a, b) => Complex.Abs(a - b)).Max() < 1e-9}
       and the inverse gives the signal back to 1e-12: {back.Zip(mixed, (a, b) => Math.Abs(a - b)).Max() < 1e-12}
    """);

int training = quick ? 400 : 2000, testing = 400, steps = quick ? 120 : 500;
double[][] train = Sounds(training, 1), test = Sounds(testing, 2);
var spectrogram = Spectrogram.Of(train[1], 64, 16);
Console.WriteLine($"""

    2. Four kinds of sounds, {string.Join(", ", kinds)}. Each sound has a pitch, a beginning and a loudness of its
       own, under noise that is as strong as it is. A spectrogram is the transform of short pieces, here
       {spectrogram.Shape[0]} pieces of 64 numbers, {spectrogram.Shape[1]} frequencies. A long piece separates
       frequencies well and times badly; a short one the other way round.
    """);

DType precision = quick ? DType.Float64 : DType.Float32; // so that --quick prints the same everywhere
Console.WriteLine($"""

    3. Which kind is it? {training:N0} sounds to learn from, {testing} to test with; {steps} steps of 32 sounds each.
       A guess is right in 25 % of cases.

       model                                               parameters   right
    """);
var scores = new List<(string, double)>();
Tensor waves = Waves(train), wavesOfTest = Waves(test), seen = Seen(train), seenOfTest = Seen(test);
var rng = new TorchRandom(3);
Run("linear model over the signal", new Sequential(new Flatten(), new Linear(Length, 4, rng)), waves, wavesOfTest);
var heard = new Sequential(new Conv1d(1, 16, 32, rng, stride: 8), new Relu(), new Conv1d(16, 32, 8, rng, stride: 4),
    new Relu(), new Conv1d(32, 32, 5, rng), new Relu(), new GlobalMaxPool(), new Linear(32, 4, rng));
Run("convolutions over the signal", heard, waves, wavesOfTest);
var looked = new Sequential(new Conv1d(33, 32, 5, rng), new Relu(), new Conv1d(32, 32, 5, rng), new Relu(),
    new GlobalMaxPool(), new Linear(32, 4, rng));
Run("convolutions over the spectrogram", looked, seen, seenOfTest);
Console.WriteLine("""

       A linear model has a weight for each moment: it would need one for each place and phase of a wave. A convolution
       uses the same weights everywhere, and the largest answer says that the pattern is somewhere. In the spectrogram
       the waves are found already.
    """);

var filters = ((Conv1d)heard[0]).Weight.To(DType.Float64).ToArray<double>();
new Page("Sounds")
    .Add("Two waves, and the strength of each frequency in them.")
    .Add(Chart.Grid("A signal and its transform", 2,
        Chart.Line("Signal", "seconds", "", [new("signal", mixed[..128]) { X = Seconds(128) }]),
        Chart.Line("Strength", "Hz", "", [new("strength", strength) { X = hertz }])))
    .Add("One sound of each kind, as it is, and its spectrogram: time runs to the right, low frequencies lie below.")
    .Add(Chart.Grid("Signals", 2, [.. kinds.Select((kind, i) => Chart.Line(kind, "seconds", "",
        [new(kind, train[i]) { X = Seconds(Length) }]))]))
    .Images("Spectrograms", [.. kinds.Select((kind, i) => Raster.Map(kind,
        Spectrogram.Of(train[i], 64, 8).T.Flip(0)))])
    .Add(Chart.Bar("Right on sounds that were not seen", "model", "fraction", scores, new() { RuleY = 0.25 }))
    .Add("The first filters of the network that hears the signal: it made waves of its own.")
    .Add(Chart.Facet("Filters", 4, "number", "weight", [.. Enumerable.Range(0, 8).Select(i =>
        new Series($"filter {i}", filters[(32 * i)..(32 * i + 32)]))]))
    .Save("pictures/49-sounds.html");
Console.WriteLine("\npictures: pictures/49-sounds.html");
return 0;

// Sound i is of kind i mod 4.
static double[][] Sounds(int count, ulong seed)
{
    var rng = new TorchRandom(seed);
    return [.. Enumerable.Range(0, count).Select(i => SyntheticSequences.Sound(i % 4, rng))];
}

void Run(string name, Sequential model, Tensor x, Tensor testX)
{
    model.To(precision);
    var y = Ids.From([.. Enumerable.Range(0, training).Select(i => i % 4)]);
    var testY = Ids.From([.. Enumerable.Range(0, testing).Select(i => i % 4)]);
    new Trainer<Tensor, Ids>(model, new AdamW(model.Parameters(), 0.003), Batches.Shuffled(Dataset.From(x, y), 32, 1),
        model.Forward, (logits, target) => logits.CrossEntropy(target)).Fit(steps);
    using var mode = model.InEvaluation();
    using var quiet = NoGrad.Begin();
    double right = model.Forward(testX).Accuracy(testY);
    scores.Add((name, right));
    Console.WriteLine($"   {name,-50}{model.ParameterCount,12:N0}{100 * right,6:0} %");
}

Tensor Waves(double[][] sounds) =>
    Tensor.From([.. sounds.SelectMany(sound => sound)], [sounds.Length, 1, Length]).To(precision);

// [sounds, frequencies, pieces], as logarithms: a ratio of strengths is what is heard.
Tensor Seen(double[][] sounds) =>
    Tensor.Stack(0, [.. sounds.Select(sound => SyntheticSequences.Frames(sound).T)]).To(precision);

static double[] Seconds(int count) => [.. Enumerable.Range(0, count).Select(i => (double)i / Rate)];

// expected:
// 1. A signal of 512 numbers, 2000 a second: a wave of 125 Hz and one of 500 Hz, half as strong. Its Fourier
//    transform says which frequencies are in it: 125 Hz (strength 256) and 500 Hz (strength 128).
//
//    the sum takes n² steps, the fast algorithm n log n: 262,144 against about 4,608
//    both agree to 1e-9: True
//    and the inverse gives the signal back to 1e-12: True
//
// 2. Four kinds of sounds, tone, rising, falling, two tones. Each sound has a pitch, a beginning and a loudness of its
//    own, under noise that is as strong as it is. A spectrogram is the transform of short pieces, here
//    29 pieces of 64 numbers, 33 frequencies. A long piece separates
//    frequencies well and times badly; a short one the other way round.
//
// 3. Which kind is it? 400 sounds to learn from, 400 to test with; 120 steps of 32 sounds each.
//    A guess is right in 25 % of cases.
//
//    model                                               parameters   right
//    linear model over the signal                             2,052    25 %
//    convolutions over the signal                             9,940    62 %
//    convolutions over the spectrogram                       10,596    80 %
//
//    A linear model has a weight for each moment: it would need one for each place and phase of a wave. A convolution
//    uses the same weights everywhere, and the largest answer says that the pattern is somewhere. In the spectrogram
//    the waves are found already.
//
// pictures: pictures/49-sounds.html
