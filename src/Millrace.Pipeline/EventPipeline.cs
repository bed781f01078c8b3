using Microsoft.Extensions.Logging;

namespace Millrace.Pipeline;

/// <summary>The pipeline from topic to table, running in this process.</summary>
public sealed class EventPipeline : IAsyncDisposable
{
    /// <summary>Applies the migrations, makes sure that the topic exists, and starts reading.</summary>
    /// <exception cref="PipelineStartException">Kafka or PostgreSQL cannot be used; the message is one sentence for the user.</exception>
    public static Task<EventPipeline> StartAsync(
        PipelineOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        throw new PipelineStartException("The pipeline is not built in yet.");

    /// <summary>What it has done and how far behind it is; cheap enough to call several times a second.</summary>
    public PipelineStatus GetStatus() => new(false, "not started", 0, 0, 0, -1, []);

    /// <summary>Stops intake, drains the lanes, commits, stores the offsets in Kafka and leaves the group.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
