using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Millrace.Hosting;
using Millrace.LocalPostgres;
using Millrace.Testing;

namespace Millrace.Tests.Commands;

/// <summary>The executable as a user has it: processes, signals, exit codes. Slow, so all in one class.</summary>
public sealed class UpCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Data => _directory.Below("data");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Up_takes_events_to_the_table_and_every_command_finds_it()
    {
        await using MillraceProcess up = await MillraceProcess.UpAsync(Data);

        CommandResult produced = await up.RunAsync(["produce", "--format", "json"], "{\"eventType\":\"user_signup\",\"userId\":123}\nnonsense\n");
        Assert.Equal(ExitCodes.SomeRefused, produced.ExitCode);
        Assert.Contains("line 2: not_json", produced.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1), (Json(produced).GetProperty("sent").GetInt32(), Json(produced).GetProperty("refused").GetInt32()));

        JsonElement generated = Json(await SucceedAsync(up, "generate", "--count", "500", "--seed", "1", "--bad", "2%", "--format", "json"));
        Assert.Equal(500, generated.GetProperty("sent").GetInt32());
        // Again: the same ids, so nothing more in the table.
        await SucceedAsync(up, "generate", "--count", "500", "--seed", "1", "--bad", "2%");

        await Eventually.TrueAsync(async () => Json(await SucceedAsync(up, "groups", "pipeline-consumer", "--format", "json")) is var g
            && g.GetProperty("partitions").EnumerateArray().All(p => p.GetProperty("lag").GetInt64() == 0), "no lag");
        JsonElement status = Json(await SucceedAsync(up, "status", "--format", "json"));
        Assert.True(status.GetProperty("ready").GetBoolean());
        long stored = status.GetProperty("tables").GetProperty("events").GetInt64();
        Assert.InRange(stored, 480, 500);
        Assert.Equal(2 * (501 - stored), status.GetProperty("tables").GetProperty("deadLetters").GetInt64());

        JsonElement rows = Json(await SucceedAsync(up, "sql", "-c", "SELECT event_type, user_id, payload FROM pipeline.events WHERE user_id = '123' AND event_type = 'user_signup'", "--format", "json"));
        Assert.Contains(rows.EnumerateArray(), r => r.GetProperty("payload").GetProperty("userId").GetInt32() == 123);

        JsonElement dead = Json(await SucceedAsync(up, "dlq", "list", "--format", "json"));
        Assert.Equal(2 * (501 - stored), dead.EnumerateArray().Sum(g => g.GetProperty("count").GetInt64()));
        JsonElement anyone = Json(await SucceedAsync(up, "sql", "-c", "SELECT event_id FROM pipeline.events LIMIT 1", "--format", "json"))[0];
        JsonElement trace = Json(await SucceedAsync(up, "trace", anyone.GetProperty("event_id").GetString()!, "--format", "json"));
        Assert.Equal("stored", trace.GetProperty("outcome").GetString());
        Assert.EndsWith("OK: every record is accounted for, once.\n", (await SucceedAsync(up, "verify")).Output, StringComparison.Ordinal);

        JsonElement topic = Json(await SucceedAsync(up, "topics", "events", "--format", "json"));
        Assert.Equal(1001, topic.GetProperty("partitions").EnumerateArray().Sum(p => p.GetProperty("end").GetInt64()));
        Assert.Equal(3, topic.GetProperty("partitions").GetArrayLength());

        CommandResult tail = await SucceedAsync(up, "tail", "--from-beginning", "--type", "user_signup", "-n", "1", "--format", "json");
        Assert.Equal("user_signup", Json(tail).GetProperty("event").GetProperty("eventType").GetString());
    }

    [Fact]
    public async Task Second_up_is_one_sentence_and_the_first_goes_on()
    {
        await using MillraceProcess up = await MillraceProcess.UpAsync(Data);

        CommandResult second = await CommandLine.RunAsync(MillraceProcess.Program, ["up", "--data", Data, "--ports", "auto"]);

        Assert.Equal(ExitCodes.StartFailed, second.ExitCode);
        Assert.Equal($"millrace: Millrace is running already on '{Data}' (process {up.Pid}): use that one, stop it, or give another directory to --data.\n", second.Error);
        await SucceedAsync(up, "status");
    }

    [Fact]
    public async Task Sigterm_stops_everything_and_the_next_start_has_the_same_ports_and_rows()
    {
        Endpoints before;
        await using (MillraceProcess up = await MillraceProcess.UpAsync(Data))
        {
            before = up.Endpoints;
            await SucceedAsync(up, "generate", "--count", "100");
            Assert.Equal(0, await up.StopAsync());
            Assert.Contains("Stopped. The data is in", up.Said, StringComparison.Ordinal);
        }

        Assert.Null(Endpoints.Find(Data));
        Assert.False(File.Exists(Path.Combine(Data, "endpoints.json")));
        Assert.Empty(ServersIn(Data));
        await using MillraceProcess again = await MillraceProcess.UpAsync(Data);
        Assert.Equal((before.Kafka, before.Postgres, before.App), (again.Endpoints.Kafka, again.Endpoints.Postgres, again.Endpoints.App));
        Assert.Equal(100, Json(await SucceedAsync(again, "sql", "-c", "SELECT count(*) FROM pipeline.events", "--format", "json"))[0].GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Request_to_stop_that_arrives_twice_is_one()
    {
        await using MillraceProcess up = await MillraceProcess.UpAsync(Data);

        // As timeout(1) does: the process, then its group.
        for (int i = 0; i < 5; i++)
            PosixCalls.Signal(up.Pid, i % 2 == 0 ? 15 : PosixCalls.SigInt);

        Assert.Equal(0, await up.StopAsync());
        Assert.Contains("Stopped. The data is in", up.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_9_leaves_no_orphan_and_the_next_start_recovers()
    {
        await using (MillraceProcess up = await MillraceProcess.UpAsync(Data))
        {
            await SucceedAsync(up, "generate", "--count", "1000");
            await up.KillAsync();
            Assert.Null(Endpoints.Find(Data));
            await Eventually.TrueAsync(() => ServersIn(Data).Length == 0, "PostgreSQL has stopped");
        }

        await using MillraceProcess again = await MillraceProcess.UpAsync(Data);
        await Eventually.EqualAsync(
            1000,
            async () => Json(await SucceedAsync(again, "sql", "-c", "SELECT count(*) FROM pipeline.events", "--format", "json"))[0].GetProperty("count").GetInt32(),
            "all events are stored, each once");
    }

    [Fact]
    public async Task Ports_in_use_are_one_sentence_each()
    {
        using TcpListener kafka = Listen(), app = Listen();

        CommandResult refused = await CommandLine.RunAsync(
            MillraceProcess.Program, ["up", "--data", Data, "--ports", "auto", "--kafka-port", $"{PortOf(kafka)}", "--port", $"{PortOf(app)}"]);

        Assert.Equal(ExitCodes.StartFailed, refused.ExitCode);
        Assert.Equal(2, refused.Error.TrimEnd().Split('\n').Length);
        Assert.Contains($"Port {PortOf(kafka)} for Kafka is in use", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"Port {PortOf(app)} for HTTP is in use", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_configuration_starts_nothing_and_tells_all()
    {
        var environment = new Dictionary<string, string> { ["MILLRACE__KAFKA__PARTITIONS"] = "many", ["MILLRACE__KAFKA__PROT"] = "1" };

        CommandResult refused = await CommandLine.RunAsync(MillraceProcess.Program, ["up", "--data", Data], environment: environment);

        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.Contains("Kafka:Partitions (environment MILLRACE__KAFKA__PARTITIONS)", refused.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean Kafka:Port?", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task Broker_settings_that_are_none_stop_the_start_and_are_all_named()
    {
        var environment = new Dictionary<string, string> { ["MILLRACE__BROKER__NO_SUCH_KEY"] = "1", ["MILLRACE__BROKER__NUM_PARTITIONS"] = "many" };

        CommandResult refused = await CommandLine.RunAsync(MillraceProcess.Program, ["up", "--data", Data, "--ports", "auto"], environment: environment);

        Assert.Equal(ExitCodes.StartFailed, refused.ExitCode);
        Assert.Contains("no setting no.such.key", refused.Error, StringComparison.Ordinal);
        Assert.Contains("num.partitions is \"many\"", refused.Error, StringComparison.Ordinal);
        Assert.Empty(ServersIn(Data));
    }

    [Fact]
    public async Task Postgres_that_does_not_start_is_told_with_its_last_words()
    {
        await using (await MillraceProcess.UpAsync(Data))
        {
        }

        await File.AppendAllTextAsync(Path.Combine(Data, "postgres/data/postgresql.conf"), "\nno_such_setting = 1\n");
        CommandResult refused = await CommandLine.RunAsync(MillraceProcess.Program, ["up", "--data", Data, "--ports", "auto"]);

        Assert.Equal(ExitCodes.StartFailed, refused.ExitCode);
        Assert.Contains("PostgreSQL did not start", refused.Error, StringComparison.Ordinal);
        Assert.Contains("no_such_setting", refused.Error, StringComparison.Ordinal);
    }

    private static async Task<CommandResult> SucceedAsync(MillraceProcess up, params string[] arguments) => (await up.RunAsync(arguments)).ShouldSucceed();

    private static JsonElement Json(CommandResult result) => JsonDocument.Parse(result.Output).RootElement;

    private static Process[] ServersIn(string data) =>
        [.. Process.GetProcessesByName("postgres").Where(p => File.Exists($"/proc/{p.Id}/cmdline") && File.ReadAllText($"/proc/{p.Id}/cmdline").Contains(data, StringComparison.Ordinal))];

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
