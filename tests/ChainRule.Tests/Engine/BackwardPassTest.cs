using ChainRule.Tests.Ops;

namespace ChainRule.Tests.Engine;

public sealed class BackwardPassTest
{
    [Fact]
    public void A_chain_of_two_hundred_thousand_ops_goes_back_without_recursion()
    {
        var x = Tensor.Scalar(1, DType.Float64).RequireGrad();
        var y = x;
        for (int i = 0; i < 200_000; i++) y += 1;
        y.Backward();
        Assert.Equal((200_001, 1), (y.Item(), x.Grad.Item()));
    }

    [Fact]
    public void A_ladder_of_shared_tensors_is_gone_through_once_a_tensor()
    {
        var x = Tensor.Scalar(1, DType.Float64).RequireGrad();
        var y = x;
        for (int i = 0; i < 60; i++) y += y; // 2⁶⁰ paths, 60 ops
        y.Backward();
        Assert.Equal(Math.Pow(2, 60), x.Grad.Item());
    }

    [Fact]
    public void A_tensor_used_twice_gets_both_gradients()
    {
        var x = Tensor.From(3.0, -2.0).RequireGrad();
        (x * x + x).Sum().Backward();
        Assert.Equal([7, -3], x.Grad.ToArray<double>());
    }

    [Fact]
    public void An_old_tensor_used_late_gets_its_whole_gradient_before_it_goes_on()
    {
        var x = Tensor.Scalar(2, DType.Float64).RequireGrad();
        var early = x * 3;
        var late = (early * early).Exp().Log() + early;
        late.Backward();
        Assert.Equal((2 * 6 + 1) * 3, x.Grad.Item(), 1e-10);
    }

    [Fact]
    public void Leaves_add_up_gradients_over_passes_until_they_are_cleared()
    {
        var x = Tensor.Scalar(3, DType.Float64).RequireGrad();
        (x * x).Backward();
        (x * x).Backward();
        Assert.Equal(12, x.Grad.Item());
        x.ZeroGrad();
        (x * x).Backward();
        Assert.Equal(6, x.Grad.Item());
    }

    [Fact]
    public void Every_tensor_on_the_way_shows_its_gradient()
    {
        var x = Tensor.Scalar(3, DType.Float64).RequireGrad();
        var square = x * x;
        var loss = square * 5;
        loss.Backward();
        Assert.Equal((1, 5, 30), (loss.Grad.Item(), square.Grad.Item(), x.Grad.Item()));
    }

    [Fact]
    public void A_second_pass_through_a_graph_is_refused_unless_it_was_kept()
    {
        var x = Tensor.Scalar(3, DType.Float64).RequireGrad();
        var loss = x.Square();
        loss.Backward();
        Refused.With<InvalidOperationException>(
            "backward: a backward pass already went through this graph (at 'square'), and a second would count its "
            + "gradients twice: run the forward pass again, or say Backward(keepGraph: true) the first time",
                () => loss.Backward());
        Assert.Equal(6, x.Grad.Item());

        var kept = x.Square();
        kept.Backward(keepGraph: true);
        kept.Backward();
        Assert.Equal(6 + 6 + 6, x.Grad.Item());
        Assert.Throws<InvalidOperationException>(() => kept.Backward());
    }

    [Fact]
    public void Two_losses_over_one_kept_graph_do_not_count_what_they_share_twice()
    {
        var x = Tensor.Scalar(3, DType.Float64).RequireGrad();
        var shared = x * x;
        Tensor first = shared * 2, second = shared * 3;
        first.Backward(keepGraph: true);
        second.Backward();
        Assert.Equal(12 + 18, x.Grad.Item());
    }

    [Fact]
    public void Many_numbers_need_a_gradient_to_start_from()
    {
        var x = Tensor.From(1.0, 2.0).RequireGrad();
        var y = x * 2;
        Refused.With<InvalidOperationException>(
            "backward of [2]: 2 numbers have no single gradient: take a Sum() or Mean(), or give the gradient to start "
                + "from", () => y.Backward());
        Refused.With<ArgumentException>(
            "backward of [2] (Float64): the gradient to start from is [3] (Float64): both must be alike",
            () => y.Backward(Tensor.Ones([3], DType.Float64)));
        Refused.With<ArgumentException>(
            "backward of [2] (Float64): the gradient to start from is [2] (Float32): both must be alike",
            () => y.Backward(Tensor.Ones([2])));
        var seed = Tensor.From(10.0, 100.0);
        y.Backward(seed);
        Assert.Equal([20, 200], x.Grad.ToArray<double>());
        Assert.Equal([10, 100], seed.ToArray<double>());
    }

    [Fact]
    public void What_depends_on_nothing_wanted_is_refused()
    {
        const string nothing = "backward: this tensor depends on nothing that requires a gradient: call RequireGrad() "
            + "on a parameter before computing with it, outside NoGrad";
        Refused.With<InvalidOperationException>(nothing, () => (Tensor.Scalar(1) * 2).Backward());
        Refused.With<InvalidOperationException>(nothing, () => Tensor.Scalar(1).Backward());
        Refused.With<InvalidOperationException>(nothing,
            () => (Tensor.Scalar(1).RequireGrad() * 2).Detach().Backward());
        Refused.With<InvalidOperationException>(
            "backward: this tensor requires a gradient itself and was computed from nothing: call Backward() on a loss "
                + "computed from it",
            () => Tensor.Scalar(1).RequireGrad().Backward());
    }

    [Fact]
    public void Writing_over_what_an_op_read_is_refused()
    {
        var w = Tensor.From(1.0, 2.0).RequireGrad();
        var loss = w.Square().Sum();
        w.FillInPlace(5);
        Refused.With<InvalidOperationException>(
            "backward: input 0 of 'square', [2], was written in place after the op read it, so its gradient would be "
                + "wrong: write after Backward(), or into a Detach().Clone()",
            () => loss.Backward());
        Assert.False(w.HasGrad);
    }

    [Fact]
    public void Writing_through_another_shape_of_what_an_op_read_is_refused()
    {
        var w = Tensor.Ones([4]).RequireGrad();
        var loss = w.Square().Sum();
        w.Detach().Reshape(2, 2).AddInPlace(Tensor.Ones([2, 2]));
        Assert.Contains("was written in place", Assert.Throws<InvalidOperationException>(() => loss.Backward()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_over_what_an_op_computed_is_refused()
    {
        var w = Tensor.Ones([2]).RequireGrad();
        var y = w.Tanh();
        y.Detach().FillInPlace(0);
        var loss = y.Sum(); // has read the new numbers, but the slope of tanh is computed from the old ones
        Refused.With<InvalidOperationException>(
            "backward: the output of 'tanh', [2], was written in place through a Detach() of it, so the gradient would "
            + "be wrong: write after Backward(), or into a Detach().Clone()",
            () => loss.Backward());
    }

    [Fact]
    public void A_result_is_not_written_in_place()
    {
        var w = Tensor.Ones([2]).RequireGrad();
        var y = w.Tanh();
        Refused.With<InvalidOperationException>(
            "fill [2] in place: it is the result of 'tanh' and part of a graph: write into a Detach().Clone()",
            () => y.FillInPlace(0));
        Refused.With<InvalidOperationException>(
            "write [2] in place: it is the result of 'tanh' and part of a graph: write into a Detach().Clone()",
            () => y.Write<float>());
    }

    [Fact]
    public void Writing_after_the_pass_is_a_step_of_training()
    {
        var w = Tensor.From(1.0, 2.0).RequireGrad();
        for (int step = 0; step < 3; step++)
        {
            w.ZeroGrad();
            w.Square().Sum().Backward();
            w.AddInPlace(w.Grad, -0.25);
        }
        Assert.Equal([0.125, 0.25], w.ToArray<double>());
    }

    [Fact]
    public void Only_what_wants_a_gradient_gets_one()
    {
        Tensor w = Tensor.From(1.0, 2.0).RequireGrad(), x = Tensor.From(3.0, 4.0);
        (w * x).Sum().Backward();
        Assert.Equal([3, 4], w.Grad.ToArray<double>());
        Assert.False(x.HasGrad);
        Refused.With<InvalidOperationException>(
            "grad of [2]: this tensor requires no gradient: call RequireGrad() before computing with it",
            () => _ = x.Grad);
        Refused.With<InvalidOperationException>(
            "grad of [2]: no backward pass has reached this tensor: call Backward() on a loss computed from it",
            () => _ = Tensor.Ones([2]).RequireGrad().Grad);
    }

    [Fact]
    public void What_a_pass_reaches_has_a_gradient_if_only_of_zeros()
    {
        Tensor w = Tensor.Ones([3, 2]).RequireGrad(), x = Tensor.Ones([2, 4]).RequireGrad();
        w.Slice(0, 3).Sum().Backward();
        x.CrossEntropy(Ids.From(-1, -1), Reduction.Sum).Backward();
        Assert.Equal(new float[6], w.Grad.ToArray<float>());
        Assert.Equal(new float[8], x.Grad.ToArray<float>());
    }

    [Fact]
    public void The_first_gradient_is_stored_and_every_other_is_added()
    {
        // A scope hands out storage that holds old numbers: whoever takes them for zeros shows.
        for (int i = 0; i < 3; i++)
        {
            using var step = Scope.Begin();
            var x = Tensor.From([1.0, 2, 3]).RequireGrad();
            var square = x * x;
            (square + x.Exp() + square.Softmax() + x.Reshape([1, 3]).LogSoftmax().Reshape([3])).Backward(
                Tensor.From([1.0, 1, 1]));
            double[] expected = [.. GoldenOps.Doubles(x.Grad)];
            var y = Tensor.From([1.0, 2, 3]).RequireGrad();
            foreach (var part in new[] { (y * y).Sum(), y.Exp().Sum(), (y * y).Softmax().Sum(), y.LogSoftmax().Sum() })
                part.Backward();
            Close.Equal(expected, GoldenOps.Doubles(y.Grad), 1e-12, "gradient");
            var rows = Tensor.Ones([3, 4]).RequireGrad();
            rows.CrossEntropy(Ids.From(-1, 2, -1), Reduction.Sum).Backward();
            Close.Equal([0, 0, 0, 0, 0.25, 0.25, -0.75, 0.25, 0, 0, 0, 0], GoldenOps.Doubles(rows.Grad), 1e-6,
                "gradient of ignored rows");
        }
    }

    [Fact]
    public void A_result_inherits_the_wish_and_cannot_be_asked_again()
    {
        var y = Tensor.Ones([2]).RequireGrad().Exp();
        Assert.True(y.RequiresGrad && !y.IsLeaf);
        Assert.Equal(("exp", 1), (y.Op, y.Parents.Count));
        Assert.Equal((0, "", 1), (Tensor.Ones([2]).Parents.Count, Tensor.Ones([2]).Op,
            Tensor.Ones([1, 2]).RequireGrad().CrossEntropy(Ids.From(1), Reduction.None).Parents.Count));
        Refused.With<InvalidOperationException>(
            "require grad of [2]: it is the result of 'exp' and inherits the wish from its inputs: Detach() it to "
                + "start anew", () => y.RequireGrad());
    }

    [Fact]
    public void Detach_cuts_the_graph_and_shares_the_numbers_and_a_clone_does_neither()
    {
        var x = Tensor.Scalar(3, DType.Float64).RequireGrad();
        var y = x * x;
        (y.Detach() * x + y.Clone() * x).Backward();
        Assert.Equal(9 + 27, x.Grad.Item());
        Assert.True(y.Detach().IsLeaf && !y.Detach().RequiresGrad && y.Clone().RequiresGrad
            && !y.Detach().Clone().RequiresGrad);

        var weights = Tensor.Zeros([2]);
        weights.Detach().FillInPlace(4);
        weights.Clone().FillInPlace(5);
        Assert.Equal([4, 4], weights.ToArray<float>());
    }

    [Fact]
    public void Nothing_is_remembered_while_NoGrad_is_open()
    {
        var x = Tensor.Scalar(3).RequireGrad();
        using (NoGrad.Begin())
        {
            using (NoGrad.Begin()) Assert.False((x * x).RequiresGrad);
            Assert.True((x * x).IsLeaf && x.Reshape(1).IsLeaf);
        }
        Assert.True((x * x).RequiresGrad);
    }

    [Fact]
    public async Task NoGrad_is_one_threads_own()
    {
        var x = Tensor.Scalar(3).RequireGrad();
        Assert.True(await Elsewhere(x));

        static Task<bool> Elsewhere(Tensor x)
        {
            using var quiet = NoGrad.Begin();
            return Task.Factory.StartNew(() => (x * x).RequiresGrad, CancellationToken.None,
                TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    [Fact]
    public void A_zeroed_gradient_is_zeros_to_who_looks_and_is_begun_anew_by_who_adds()
    {
        var w = Tensor.From([1.0, 2.0, 3.0]).RequireGrad();
        (w * 5).Sum().Backward();
        var grad = w.Grad;
        w.ZeroGrad();
        Assert.Equal([0, 0, 0], grad.ToArray<double>());
        w.ZeroGrad();
        // Of an op that reaches all of it, and of one that reaches a part.
        (w * 7).Sum().Backward();
        Assert.Equal([7, 7, 7], grad.ToArray<double>());
        w.ZeroGrad();
        w.Rows(Ids.From([1])).Sum().Backward();
        Assert.Equal([0, 1, 0], grad.ToArray<double>());
    }
}
