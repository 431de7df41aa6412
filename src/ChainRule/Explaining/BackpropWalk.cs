using System.Collections;

namespace ChainRule.Explaining;

/// <summary>The steps of a backward pass, and a place among them that goes forward and back.</summary>
public sealed class BackpropWalk : IReadOnlyList<BackpropStep>
{
    readonly List<BackpropStep> _steps;

    internal BackpropWalk(List<BackpropStep> steps) => _steps = steps;

    /// <summary>How many steps there are.</summary>
    public int Count => _steps.Count;

    /// <summary>How many of them are made: 0 at first.</summary>
    public int Position { get; private set; }

    /// <summary>The step that was made last; null before the first.</summary>
    public BackpropStep? Current => Position == 0 ? null : _steps[Position - 1];

    /// <summary>
    /// The gradients as they are now, of every tensor that one has come to, in the order in which it came.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> Gradients
    {
        get
        {
            List<string> names = [_steps[0].Came[0].Name];
            Dictionary<string, Tensor> now = new() { [names[0]] = _steps[0].Came[0].Gradient };
            foreach (var x in _steps.Take(Position).SelectMany(static step => step.Added))
            {
                if (!now.ContainsKey(x.Name)) names.Add(x.Name);
                now[x.Name] = x.After;
            }
            return [.. names.Select(name => KeyValuePair.Create(name, now[name]))];
        }
    }

    /// <summary>A step.</summary>
    /// <param name="index">Which, from 0.</param>
    public BackpropStep this[int index]
    {
        get
        {
            if (index < 0 || index >= Count)
                Throw.OutOfRange($"steps: step {index} of {Count}: give 0 to {Count - 1}", nameof(index));
            return _steps[index];
        }
    }

    /// <summary>Makes the next step; false where all are made.</summary>
    public bool Forward()
    {
        if (Position == Count) return false;
        Position++;
        return true;
    }

    /// <summary>Takes the last step back; false where none is made.</summary>
    public bool Back()
    {
        if (Position == 0) return false;
        Position--;
        return true;
    }

    /// <inheritdoc/>
    public IEnumerator<BackpropStep> GetEnumerator() => _steps.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>All steps.</summary>
    public override string ToString() => string.Join("\n\n", _steps);
}
