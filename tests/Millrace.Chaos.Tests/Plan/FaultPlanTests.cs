using Millrace.Chaos.Plan;

namespace Millrace.Chaos.Tests.Plan;

public sealed class FaultPlanTests
{
    private static readonly FaultKind[] All = Enum.GetValues<FaultKind>();
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(6);

    [Fact]
    public void Plan_of_the_same_seed_is_the_same() => Assert.Equal(Create(11), Create(11));

    [Fact]
    public void Plan_of_another_seed_is_another() => Assert.NotEqual(Create(11), Create(12));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_kind_comes_once_before_any_comes_again(int seed) =>
        Assert.Equal(All, Create(seed).Take(All.Length).Select(fault => fault.Kind).Order());

    [Fact]
    public void Pause_of_a_consumer_outlasts_its_session() =>
        Assert.All(Create(1).Where(fault => fault.Kind == FaultKind.PauseConsumer), fault => Assert.True(fault.Length > Session));

    [Fact]
    public void No_fault_begins_after_the_end() => Assert.All(Create(1), fault => Assert.True(fault.At < TimeSpan.FromMinutes(10)));

    [Fact]
    public void Only_the_kinds_asked_for_come() =>
        Assert.All(
            FaultPlan.Create(1, TimeSpan.FromMinutes(10), [FaultKind.Stall, FaultKind.Reset], 3, 1, Session),
            fault => Assert.True(fault.Kind is FaultKind.Stall or FaultKind.Reset));

    [Fact]
    public void No_kinds_make_an_empty_plan() => Assert.Empty(FaultPlan.Create(1, TimeSpan.FromMinutes(10), [], 3, 1, Session));

    [Fact]
    public void Every_kind_has_a_name_that_is_found_again() => Assert.All(All, kind => Assert.Equal(kind, FaultKinds.Find(FaultKinds.Name(kind))));

    private static IReadOnlyList<Fault> Create(int seed) => FaultPlan.Create(seed, TimeSpan.FromMinutes(10), All, consumers: 3, brokers: 3, Session);
}
