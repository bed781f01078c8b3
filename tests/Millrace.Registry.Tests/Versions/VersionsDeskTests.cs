using System.Text;
using Millrace.Registry.Versions;
using Millrace.Testing;
using Npgsql;

namespace Millrace.Registry.Tests.Versions;

public sealed class VersionsDeskTests(PostgresFixture postgres)
{
    private const string Open = """{"type":"object"}""";
    private const string Total = """{"type":"object","properties":{"total":{"type":"number"}}}""";

    [Fact]
    public async Task New_schema_is_a_draft_with_its_text_as_it_was_given()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);

        var result = await run.AddAsync("order_placed", "  {\"type\":\n\"object\"}\n");

        Assert.Equal(ChangeOutcome.Done, result.Outcome);
        var version = Assert.Single(await run.Registry.Versions.OfTypeAsync("order_placed", RegistryRun.Cancelled));
        Assert.Equal((1, SchemaState.Draft, "  {\"type\":\n\"object\"}\n", RegistryRun.Actor), (version.Version, version.State, version.Source, version.RegisteredBy));
        Assert.Equal("schema.add order_placed 1", await run.NotesAsync());
    }

    [Fact]
    public async Task Schema_that_the_type_has_already_is_found_instead_of_doubled()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", """{"type":"object","title":"t"}""");

        var again = await run.AddAsync("a", """{ "title": "t", "type": "object" }""");

        Assert.Equal((ChangeOutcome.AlreadySo, 1), (again.Outcome, again.Version!.Version));
        Assert.Equal("1 draft", await run.StatesAsync("a"));
    }

    [Fact]
    public async Task Schema_that_the_type_has_already_does_not_wait_for_the_changes_of_others()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Open, activate: true);
        await using var others = NpgsqlDataSource.Create(run.Settings.ConnectionString);
        await using var change = await RegistryChange.BeginAsync(others, RegistryRun.Actor, RegistryRun.Cancelled);

        var again = await run.AddAsync("a", Open, activate: true).WaitAsync(Eventually.Limit, RegistryRun.Cancelled);

        Assert.Equal(ChangeOutcome.AlreadySo, again.Outcome);
    }

    [Fact]
    public async Task Same_schema_of_two_types_has_one_id()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);

        var first = await run.AddAsync("a", Open);
        var second = await run.AddAsync("b", Open);
        var third = await run.AddAsync("b", Total);

        Assert.Equal(first.Version!.SchemaId, second.Version!.SchemaId);
        Assert.NotEqual(first.Version.SchemaId, third.Version!.SchemaId);
        Assert.Equal(["a 1", "b 1"], (await run.Registry.Versions.OfIdAsync(first.Version.SchemaId, RegistryRun.Cancelled)).Select(v => $"{v.EventType} {v.Version}"));
    }

    [Fact]
    public async Task Number_that_another_schema_has_is_refused()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Open, version: 4);

        Assert.Equal(ChangeOutcome.VersionTaken, (await run.AddAsync("a", Total, version: 4)).Outcome);
        Assert.Equal(ChangeOutcome.AlreadySo, (await run.AddAsync("a", Open, version: 4)).Outcome);
        Assert.Equal(5, (await run.AddAsync("a", Total)).Version!.Version);
        Assert.Equal(2, (await run.AddAsync("a", Open, version: 2)).Version!.Version);
        Assert.Equal("2 draft, 4 draft, 5 draft", await run.StatesAsync("a"));
    }

    [Fact]
    public async Task Name_that_no_event_can_have_is_refused()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);

        foreach (var eventType in (string[])["", "a\0b", "\uD800"])
            Assert.Equal(ChangeOutcome.InvalidEventType, (await run.AddAsync(eventType, Open)).Outcome);
    }

    [Fact]
    public async Task Name_of_200_characters_is_taken_and_one_more_is_not()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        var longest = string.Concat(Enumerable.Repeat("\U0001F600", 200));

        Assert.Equal(ChangeOutcome.Done, (await run.AddAsync(longest, Open)).Outcome);
        Assert.Equal(ChangeOutcome.InvalidEventType, (await run.AddAsync(longest + "x", Open)).Outcome);
    }

    [Fact]
    public async Task Text_that_is_no_schema_is_refused_and_leaves_nothing()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        byte[][] bad = [Encoding.UTF8.GetBytes("{"), [0xFF], new byte[(1024 * 1024) + 1], Encoding.UTF8.GetBytes("{\"title\":\"\\ud800\"}")];
        foreach (var schema in bad)
        {
            var result = await run.Registry.Versions.RegisterAsync(new RegisterRequest("a", schema, RegistryRun.Actor), RegistryRun.Cancelled);
            Assert.Equal(ChangeOutcome.InvalidSchema, result.Outcome);
            Assert.NotEmpty(result.Problem!.Problem);
        }

        Assert.Equal("", await run.StatesAsync("a"));
        Assert.Equal("", await run.NotesAsync());
    }

    [Fact]
    public async Task Version_in_force_cannot_be_deprecated_and_a_draft_can()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Open, activate: true);
        await run.AddAsync("a", Total);

        Assert.Equal(ChangeOutcome.InForce, (await run.Registry.Versions.DeprecateAsync("a", 1, RegistryRun.Actor, RegistryRun.Cancelled)).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await run.Registry.Versions.DeprecateAsync("a", 2, RegistryRun.Actor, RegistryRun.Cancelled)).Outcome);
        Assert.Equal(ChangeOutcome.AlreadySo, (await run.Registry.Versions.DeprecateAsync("a", 2, RegistryRun.Actor, RegistryRun.Cancelled)).Outcome);
        Assert.Equal("1 active, 2 deprecated", await run.StatesAsync("a"));
    }

    [Theory]
    [InlineData("""{"properties":{"total":{}},"additionalProperties":false}""", "does not allow eventType, eventId, userId, timestamp, schemaVersion, correlationId,", "every event would")]
    [InlineData("""{"allOf":[{"properties":{"eventType":{},"userId":{}}}],"patternProperties":{"^(t|s|c)":{}},"unevaluatedProperties":false}""", "does not allow eventId,", "over HTTP")]
    [InlineData("""{"properties":{"correlationId":false}}""", "does not allow correlationId,", "events that have such a field")]
    public async Task Schema_that_forbids_fields_of_the_envelope_is_registered_with_a_warning(string schema, string fields, string consequence)
    {
        await using var run = await RegistryRun.CreateAsync(postgres);

        foreach (var outcome in (ChangeOutcome[])[ChangeOutcome.Done, ChangeOutcome.AlreadySo])
        {
            var added = await run.AddAsync("a", schema);
            Assert.Equal(outcome, added.Outcome);
            Assert.Contains(fields, Assert.Single(added.Warnings), StringComparison.Ordinal);
            Assert.Contains(consequence, added.Warnings[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Schema_that_allows_the_envelope_is_registered_without_a_warning()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);

        Assert.Empty((await run.AddAsync("a", Open)).Warnings);
        Assert.Empty((await run.AddAsync(
            "a", """{"properties":{"eventType":{},"eventId":{},"userId":{},"timestamp":{},"schemaVersion":{},"correlationId":{}},"additionalProperties":false}""")).Warnings);
    }

    [Fact]
    public async Task Version_in_force_is_not_deleted()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Open, activate: true);
        await run.AddAsync("a", Total, activate: true);

        Assert.Equal(ChangeOutcome.InForce, (await run.Registry.Versions.DeleteAsync("a", 2, RegistryRun.Actor, RegistryRun.Cancelled)).Outcome);
        Assert.Equal("1 deprecated, 2 active", await run.StatesAsync("a"));
        Assert.Equal(ChangeOutcome.Done, (await run.Registry.Versions.DeleteAsync("a", 1, RegistryRun.Actor, RegistryRun.Cancelled)).Outcome);
        Assert.Equal("1 deleted, 2 active", await run.StatesAsync("a"));
    }

    [Fact]
    public async Task Withdrawn_version_in_force_gives_way_to_the_newest_that_was()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Open, activate: true);
        await run.AddAsync("a", Total);
        await run.Registry.Versions.DeprecateAsync("a", 2, RegistryRun.Actor, RegistryRun.Cancelled);

        await run.Registry.Versions.WithdrawAsync("a", 1, RegistryRun.Actor, RegistryRun.Cancelled);
        Assert.Equal("1 deleted, 2 active", await run.StatesAsync("a"));
        await run.Registry.Versions.WithdrawAsync("a", 2, RegistryRun.Actor, RegistryRun.Cancelled);
        Assert.Equal("1 deleted, 2 deleted", await run.StatesAsync("a"));
        Assert.Equal(ChangeOutcome.NotFound, (await run.ActivateAsync("a", 2)).Outcome);
    }

    [Fact]
    public async Task Removed_number_is_not_given_again()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Open);

        Assert.Equal(ChangeOutcome.NotDeleted, (await run.Registry.Versions.RemoveAsync("a", 1, RegistryRun.Actor, RegistryRun.Cancelled)).Outcome);
        await run.Registry.Versions.DeleteAsync("a", 1, RegistryRun.Actor, RegistryRun.Cancelled);
        Assert.Equal(ChangeOutcome.Done, (await run.Registry.Versions.RemoveAsync("a", 1, RegistryRun.Actor, RegistryRun.Cancelled)).Outcome);
        Assert.Equal(2, (await run.AddAsync("a", Open)).Version!.Version);
    }

    [Fact]
    public async Task Many_that_register_at_once_get_a_number_each()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => run.AddAsync("a", $$"""{"title":"{{i}}"}""")));

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], results.Select(result => result.Version!.Version).Order());
    }

    [Fact]
    public async Task Database_without_the_tables_is_told_in_a_sentence()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var registry = SchemaRegistry.Open(new RegistrySettings { ConnectionString = database.ConnectionString }, TimeProvider.System);

        var e = await Assert.ThrowsAsync<RegistryException>(() => registry.Versions.AllAsync(RegistryRun.Cancelled));

        Assert.False(e.IsTransient);
        Assert.Contains("no Millrace tables", e.Message, StringComparison.Ordinal);
    }
}
