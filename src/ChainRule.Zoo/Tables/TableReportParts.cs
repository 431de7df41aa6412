namespace ChainRule.Zoo.Tables;

/// <summary>A column of the table, and what was done with it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds: number, boolean, category, date, identifier or constant.</param>
/// <param name="Missing">In how many rows it is missing.</param>
/// <param name="Distinct">How many different values it has.</param>
/// <param name="Range">The least and the largest number and their mean; empty if it is not of numbers.</param>
/// <param name="Examples">The first different values.</param>
/// <param name="Use">What was done with it: target, input, left out, ignored, group or time order.</param>
/// <param name="Reason">Why, or how it became numbers: <c>one-hot, 5 categories</c>.</param>
/// <param name="Leak">How it seems to give the target away; null if it does not.</param>
public sealed record TableColumn(string Name, string Kind, int Missing, int Distinct, string Range,
    IReadOnlyList<string> Examples, string Use, string Reason, string? Leak = null);

/// <summary>How the rows of a table were divided.</summary>
/// <param name="Train">Rows that were learned from.</param>
/// <param name="Validation">Rows that training was stopped by, and models chosen by.</param>
/// <param name="Test">Rows that the model was judged by, once.</param>
/// <param name="How">In words: <c>at random, each class as often in each part</c>.</param>
public sealed record TableSplit(int Train, int Validation, int Test, string How);

/// <summary>How good a model is.</summary>
/// <param name="Name">Its name: mlp, linear, mean …</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="Validation">Its metrics on the validation part, by name; empty if it was not measured there.</param>
/// <param name="Test">Its metrics on the test part, by name.</param>
/// <param name="IsThis">Whether it is the model of this run.</param>
public sealed record ModelScore(string Name, string Summary, IReadOnlyDictionary<string, double> Validation,
    IReadOnlyDictionary<string, double> Test, bool IsThis = false);

/// <summary>Rows of the test part, in the order of the file.</summary>
/// <param name="Lines">The number of each row, from 1, without the header.</param>
/// <param name="Actual">The target: a number, or the place of the class in <see cref="TableReport.Classes"/>.</param>
/// <param name="Predicted">What was predicted, in the same way.</param>
/// <param name="Probabilities">Of each row the probability of each class; empty of a regression.</param>
public sealed record TestRows(IReadOnlyList<int> Lines, IReadOnlyList<double> Actual, IReadOnlyList<double> Predicted,
    IReadOnlyList<IReadOnlyList<double>> Probabilities);

/// <summary>How a classifier does on the test part.</summary>
/// <param name="Confusion">How many rows of each class (row) were predicted as each class (column).</param>
/// <param name="PerClass">Precision, recall and F1 of each class.</param>
/// <param name="Roc">A curve for each class against the rest; of two classes, that of the positive one
/// alone.</param>
/// <param name="Reliability">Whether probabilities are true: of two classes those of the positive one, of more
/// those of the predicted class.</param>
/// <param name="Threshold">Of two classes, the positive one is predicted from this probability on; else null.</param>
/// <param name="ThresholdReason">Where the threshold comes from.</param>
/// <param name="ClassWeights">How much a row of each class counted in training; null if all counted alike.</param>
public sealed record ClassificationDetails(IReadOnlyList<IReadOnlyList<int>> Confusion,
    IReadOnlyList<ClassScore> PerClass, IReadOnlyList<RocPoints> Roc, IReadOnlyList<ReliabilityPoint> Reliability,
    double? Threshold, string ThresholdReason, IReadOnlyList<double>? ClassWeights);

/// <summary>The scores of one class.</summary>
public sealed record ClassScore(string Class, double Precision, double Recall, double F1, int Rows);

/// <summary>A ROC curve, from (0, 0) to (1, 1).</summary>
/// <param name="Class">The class that is told from the rest.</param>
/// <param name="FalsePositiveRates">x.</param>
/// <param name="TruePositiveRates">y.</param>
/// <param name="Area">The area under it.</param>
public sealed record RocPoints(string Class, IReadOnlyList<double> FalsePositiveRates,
    IReadOnlyList<double> TruePositiveRates, double Area);

/// <summary>A bin of a reliability curve that has rows.</summary>
/// <param name="Probability">The mean of the predicted probabilities.</param>
/// <param name="Fraction">How many of the rows are of the class.</param>
/// <param name="Rows">How many rows there are.</param>
public sealed record ReliabilityPoint(double Probability, double Fraction, double Rows);

/// <summary>How much worse the model becomes when a column is shuffled.</summary>
/// <param name="Column">The column.</param>
/// <param name="Mean">The mean over several shuffles.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
public sealed record ColumnImportance(string Column, double Mean, double Low, double High);

/// <summary>How the prediction depends on one column.</summary>
/// <param name="Column">The column.</param>
/// <param name="Output">What is predicted: the target, or the probability of a class.</param>
/// <param name="Points">The prediction at some values of the column.</param>
public sealed record ColumnDependence(string Column, string Output, IReadOnlyList<DependencePoint> Points);

/// <summary>The prediction where a column has one value in all rows.</summary>
/// <param name="Label">The value, as it is written.</param>
/// <param name="Value">The value as a number; null of a category.</param>
/// <param name="Mean">The mean prediction.</param>
/// <param name="Low">Of a tenth of the rows it is lower.</param>
/// <param name="High">Of a tenth of the rows it is higher.</param>
public sealed record DependencePoint(string Label, double? Value, double Mean, double Low, double High);

/// <summary>A row with a large error.</summary>
/// <param name="Line">The number of the row, from 1, without the header.</param>
/// <param name="Actual">The target, as it is written.</param>
/// <param name="Predicted">The prediction.</param>
/// <param name="Error">The residual, actual minus predicted; of classes the probability that was given to the wrong
/// one.</param>
/// <param name="Fields">The fields of the row, by column.</param>
public sealed record WorstRow(int Line, string Actual, string Predicted, double Error,
    IReadOnlyDictionary<string, string> Fields);

/// <summary>Scores of a cross-validation.</summary>
/// <param name="Count">How many folds there are.</param>
/// <param name="Models">This run's model and those that it is compared with.</param>
public sealed record FoldScores(int Count, IReadOnlyList<FoldModel> Models);

/// <summary>The scores of a model over the folds.</summary>
/// <param name="Name">The model.</param>
/// <param name="Mean">The mean of each metric.</param>
/// <param name="Std">The standard deviation of each metric.</param>
/// <param name="Each">The metrics of each fold.</param>
public sealed record FoldModel(string Name, IReadOnlyDictionary<string, double> Mean,
    IReadOnlyDictionary<string, double> Std, IReadOnlyList<IReadOnlyDictionary<string, double>> Each);
