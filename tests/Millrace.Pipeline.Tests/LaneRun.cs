using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Pipeline.Read;
using Millrace.Pipeline.Tests.Write;
using Millrace.Testing;
using Npgsql;

namespace Millrace.Pipeline.Tests;

/// <summary>A lane on a real database, with records that the test posts instead of Kafka.</summary>
internal sealed class LaneRun : IAsyncDisposable
{
    private readonly Lane _lane;
    private readonly Metrics _metrics;
    private long _next;

    private LaneRun(Lane lane, Metrics metrics, long next) => (_lane, _metrics, _next) = (lane, metrics, next);

    public LaneState State => _lane.State;

    public string? Trouble => _lane.Trouble;

    public int ParkedEvents => _lane.ParkedEvents;

    public static Task<LaneRun> StartAsync(PipelineDatabase database, Action<PipelineOptions> configure) =>
        StartAsync(database, database.Source, configure);

    public static async Task<LaneRun> StartAsync(PipelineDatabase database, NpgsqlDataSource source, Action<PipelineOptions> configure)
    {
        var options = new PipelineOptions { BootstrapServers = "not used", ConnectionString = database.ConnectionString };
        configure(options);
        Assert.Empty(options.Errors());
        var position = await database.AcquireAsync();
        var metrics = new Metrics(TimeProvider.System, options.Flushed, options.DeadLettersWritten);
        var lane = new Lane(PipelineDatabase.Key, position, options, source, TimeProvider.System, metrics, NullLogger.Instance);
        return new LaneRun(lane, metrics, position.NextOffset ?? 0);
    }

    /// <summary>Options whose attempts follow each other quickly.</summary>
    public static void Quickly(PipelineOptions options, int attempts)
    {
        options.Parking.RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(50), attempts - 1)];
    }

    /// <summary>Posts events: "user:n" makes one of that user, ":n" one of nobody, anything else is the value itself.</summary>
    public void Post(params IEnumerable<string> events)
    {
        foreach (var text in events)
        {
            var value = Encoding.UTF8.GetBytes(text.Contains(':') && text[0] != '{' ? Event(text) : text);
            _lane.Post(new Pipeline.Read.Record
            {
                Offset = _next++,
                TimestampMilliseconds = Batches.Timestamp,
                LeaderEpoch = null,
                HasKey = false,
                Key = default,
                HasValue = true,
                Value = value,
                Headers = default,
            });
        }
    }

    /// <summary>Waits until everything that was posted is committed, one way or another.</summary>
    public Task CommittedAsync() => Eventually.EqualAsync(_next, () => Task.FromResult(_lane.NextOffset), "offsets are committed");

    public async ValueTask DisposeAsync()
    {
        await _lane.AbandonAsync();
        _metrics.Dispose();
    }

    private static string Event(string text)
    {
        var parts = text.Split(':');
        var user = parts[0].Length == 0 ? "" : $""","userId":"{parts[0]}" """;
        return $$"""{"eventType":"t","n":"{{parts[1]}}"{{user}}}""";
    }
}
