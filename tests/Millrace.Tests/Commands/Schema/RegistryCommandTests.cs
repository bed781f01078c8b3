using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Pipeline.Migrations;
using Millrace.Testing;

namespace Millrace.Tests.Commands.Schema;

/// <summary>The commands that change the registry, in processes of their own against a database with the pipeline's tables.</summary>
public sealed class RegistryCommandTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Version_that_is_not_in_force_is_deleted_and_then_removed()
    {
        await using var database = await CreateAsync();
        await RunAsync(database, 0, """{"type":"object"}""", "add", "a", "-", "--activate");
        await RunAsync(database, 0, """{"type":["object","array"]}""", "add", "a", "-");

        CommandResult inForce = await RunAsync(database, 1, "", "delete", "a", "1");
        Assert.Contains("a version 1 is in force: activate another version first", inForce.Error, StringComparison.Ordinal);
        CommandResult tooEarly = await RunAsync(database, 1, "", "delete", "a", "2", "--permanent");
        Assert.Contains("a version 2 is draft and has to be deleted before", tooEarly.Error, StringComparison.Ordinal);
        CommandResult deleted = await RunAsync(database, 0, "", "delete", "a", "2", "--format", "json");
        Assert.Equal(("done", 2, "deleted"), Change(deleted));
        CommandResult removed = await RunAsync(database, 0, "", "delete", "a", "2", "--permanent", "--actor", "somebody");
        Assert.Contains("a version 2 is removed for good", removed.Error, StringComparison.Ordinal);
        CommandResult gone = await RunAsync(database, 1, "", "delete", "a", "2");
        Assert.Contains("There is no version 2 of a", gone.Error, StringComparison.Ordinal);

        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM pipeline.operations WHERE action = 'schema.delete' AND target = 'a 2'"));
        Assert.Equal("somebody", await database.ScalarAsync<string>("SELECT actor FROM pipeline.operations WHERE action = 'schema.remove' AND target = 'a 2'"));
    }

    [Fact]
    public async Task Schema_that_forbids_the_envelope_is_added_with_a_warning()
    {
        await using var database = await CreateAsync();

        CommandResult added = await RunAsync(database, 0, """{"properties":{"total":{}},"additionalProperties":false}""", "add", "a", "-", "--format", "json");

        Assert.Equal(("done", 1, "draft"), Change(added));
        Assert.StartsWith("warning: The schema does not allow eventType, eventId", added.Error, StringComparison.Ordinal);
        Assert.Contains("eventId", (string?)JsonNode.Parse(added.Output)!["warnings"]![0], StringComparison.Ordinal);
    }

    private static (string? Outcome, int? Version, string? State) Change(CommandResult run)
    {
        JsonNode change = JsonNode.Parse(run.Output)!;
        return ((string?)change["outcome"], (int?)change["version"], (string?)change["state"]);
    }

    private static async Task<CommandResult> RunAsync(TestDatabase database, int exitCode, string input, params string[] arguments)
    {
        CommandResult run = await CommandLine.RunAsync(MillraceProcess.Program, ["schema", .. arguments, "--postgres", database.ConnectionString], input);
        Assert.True(run.ExitCode == exitCode, $"exit code {run.ExitCode}\n--- stdout\n{run.Output}\n--- stderr\n{run.Error}");
        return run;
    }

    private async Task<TestDatabase> CreateAsync()
    {
        TestDatabase database = await postgres.CreateDatabaseAsync();
        await PipelineDatabase.MigrateAsync(database.ConnectionString, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        return database;
    }
}
