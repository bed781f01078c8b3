using Millrace.Registry.Activation;
using Millrace.Registry.Versions;
using Millrace.Schemas.Compatibility;
using Millrace.Testing;

namespace Millrace.Registry.Tests.Activation;

public sealed class ActivationTests(PostgresFixture postgres)
{
    private const string Number = """{"type":"object","properties":{"total":{"type":"number"}}}""";
    private const string Whole = """{"type":"object","properties":{"total":{"type":"integer"}}}""";
    private const string Any = """{"type":"object"}""";

    [Fact]
    public async Task Compatible_version_comes_into_force_and_the_one_before_stays_for_events_that_name_it()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Whole, activate: true);
        await run.AddAsync("a", Number);

        Assert.Equal(ChangeOutcome.Done, (await run.ActivateAsync("a", 2)).Outcome);
        Assert.Equal("1 deprecated, 2 active", await run.StatesAsync("a"));
        Assert.Equal(ChangeOutcome.AlreadySo, (await run.ActivateAsync("a", 2)).Outcome);
        Assert.Equal("schema.add a 1; schema.activate a 1; schema.add a 2; schema.activate a 2", await run.NotesAsync());
        Assert.Equal("1", await run.Database.ScalarAsync<string>("SELECT details ->> 'before' FROM pipeline.operations WHERE target = 'a 2' AND action = 'schema.activate'"));
    }

    [Fact]
    public async Task Incompatible_version_stays_a_draft_and_says_what_breaks()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Number, activate: true);
        await run.AddAsync("a", Whole);

        var result = await run.ActivateAsync("a", 2);

        Assert.Equal(ChangeOutcome.Incompatible, result.Outcome);
        var conflict = Assert.Single(result.Conflicts);
        Assert.Equal((1, true), (conflict.Version, conflict.Difference.BreaksBackward));
        Assert.StartsWith("/properties/total", conflict.Difference.Pointer, StringComparison.Ordinal);
        Assert.Equal("1 active, 2 draft", await run.StatesAsync("a"));

        await run.Registry.Settings.SetLevelAsync("a", CompatibilityLevel.None, null, RegistryRun.Actor, RegistryRun.Cancelled);
        Assert.Equal(ChangeOutcome.Done, (await run.ActivateAsync("a", 2)).Outcome);
    }

    [Fact]
    public async Task Transitive_level_asks_about_every_version_that_was_in_force()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.Registry.Settings.SetLevelAsync("a", CompatibilityLevel.None, null, RegistryRun.Actor, RegistryRun.Cancelled);
        await run.AddAsync("a", Any, activate: true);
        await run.AddAsync("a", Whole, activate: true);
        await run.AddAsync("a", Number);

        await run.Registry.Settings.SetLevelAsync("a", CompatibilityLevel.BackwardTransitive, null, RegistryRun.Actor, RegistryRun.Cancelled);
        var strict = await run.Registry.Settings.SetLevelAsync("a", CompatibilityLevel.BackwardTransitive, true, RegistryRun.Actor, RegistryRun.Cancelled);
        Assert.True(strict);
        Assert.Equal([1], (await run.ActivateAsync("a", 3)).Conflicts.Select(conflict => conflict.Version).Distinct());

        await run.Registry.Settings.SetLevelAsync("a", CompatibilityLevel.Backward, true, RegistryRun.Actor, RegistryRun.Cancelled);
        Assert.Equal(ChangeOutcome.Done, (await run.ActivateAsync("a", 3)).Outcome);
    }

    [Fact]
    public async Task Registering_in_force_that_is_incompatible_leaves_nothing()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Number, activate: true);

        Assert.Equal(ChangeOutcome.Incompatible, (await run.AddAsync("a", Whole, activate: true)).Outcome);
        Assert.Equal("1 active", await run.StatesAsync("a"));
        Assert.Equal(2, (await run.AddAsync("a", Any, activate: true)).Version!.Version);
    }

    [Fact]
    public async Task Registering_what_was_in_force_does_not_take_back_the_newer_version()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Whole, activate: true);
        await run.AddAsync("a", Number, activate: true);

        var again = await run.AddAsync("a", Whole, activate: true);

        Assert.Equal((ChangeOutcome.AlreadySo, 1), (again.Outcome, again.Version!.Version));
        Assert.Equal("1 deprecated, 2 active", await run.StatesAsync("a"));
    }

    [Fact]
    public async Task Evidence_that_is_required_stops_a_version_that_refuses_stored_events()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", """{"required":["total"]}""");
        await run.StoreAsync("a", """{"total":1}""", """{}""");

        var refused = await ActivateAsync(run, 0);
        Assert.Equal((ChangeOutcome.TooManyRejects, 2L, 1L), (refused.Change.Outcome, refused.Evidence!.Events, refused.Evidence.Rejected));
        Assert.Equal("1 draft", await run.StatesAsync("a"));

        var allowed = await ActivateAsync(run, 1);
        Assert.Equal(ChangeOutcome.Done, allowed.Change.Outcome);
        Assert.Equal("1 active", await run.StatesAsync("a"));
    }

    private static Task<ActivationResult> ActivateAsync(RegistryRun run, long maxRejects) =>
        run.Registry.ActivateAsync("a", 1, RegistryRun.Actor, new EvidenceRequirement(TimeSpan.FromDays(1), maxRejects), RegistryRun.Cancelled);
}
