namespace ChainRule.Data;

/// <summary>How much a row of each class counts in a loss, where some classes are rare.</summary>
public static class ClassWeights
{
    const int MostClasses = 100_000;

    /// <summary>
    /// n / (classes · rows of the class): each class counts as much as any other, and the mean weight of a row is 1. A
    /// class without rows has the weight 0. For a weighted cross-entropy, or for logistic regression. The probabilities
    /// of a model that is trained so are those of balanced classes: choose a decision threshold on validation data.
    /// </summary>
    /// <param name="labels">The class of each training row, from 0.</param>
    /// <param name="classes">How many classes there are; if null, as many as the largest says.</param>
    /// <exception cref="ArgumentException">There are no rows, or a class is not there.</exception>
    public static double[] Balanced(ReadOnlySpan<int> labels, int? classes = null)
    {
        const string Asked = "class weights";
        if (labels.IsEmpty) Throw.Argument($"{Asked}: there are no rows: give at least one", nameof(labels));
        int largest = 0;
        foreach (int label in labels)
        {
            if (label < 0)
                Throw.Argument($"{Asked}: a row is of class {label}: number the classes from 0", nameof(labels));
            largest = Math.Max(largest, label);
        }
        if (classes is { } given && given <= largest)
            Throw.OutOfRange($"{Asked}: {given} classes, and a row is of class {largest}: count all classes",
                nameof(classes));
        if (largest >= MostClasses || classes > MostClasses)
            Throw.OutOfRange($"{Asked}: {classes ?? largest + 1L:N0} classes: number them from 0, {MostClasses:N0} "
                + "of them "
                + "at most", classes is null ? nameof(labels) : nameof(classes));
        double[] weights = new double[classes ?? largest + 1];
        foreach (int label in labels) weights[label]++;
        int occur = weights.Count(rows => rows > 0);
        int all = labels.Length;
        return Array.ConvertAll(weights, rows => rows > 0 ? all / (occur * rows) : 0);
    }
}
