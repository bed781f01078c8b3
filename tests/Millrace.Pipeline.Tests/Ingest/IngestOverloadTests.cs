using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Pipeline.Ingest;

namespace Millrace.Pipeline.Tests.Ingest;

/// <summary>No broker answers at this address: what waits for it waits until it times out.</summary>
public sealed class IngestOverloadTests
{
    private const string Nobody = "127.0.0.1:1";

    [Fact]
    public async Task Events_that_no_broker_acknowledges_are_answered_with_503_and_their_ids()
    {
        await using var host = await IngestHost.StartAsync(Nobody, "events", options => options.AcknowledgeTimeout = TimeSpan.FromMilliseconds(300));

        var answer = await host.PostAsync("""[{"eventType":"t"},{"eventType":"t"}]""");

        var problem = await IngestTests.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.All(problem.GetProperty("errors").EnumerateArray(), error =>
        {
            Assert.Equal(503, error.GetProperty("status").GetInt32());
            Assert.NotEqual(Guid.Empty, error.GetProperty("id").GetGuid());
        });
    }

    [Fact]
    public async Task Caller_that_holds_its_half_is_told_to_slow_down()
    {
        await using var host = await IngestHost.StartAsync(Nobody, "events", options =>
        {
            options.AcknowledgeTimeout = TimeSpan.FromSeconds(10);
            options.MaxEventsPerRequest = 2;
            options.MaxWaitingEvents = 4;
        });

        // Each holds all that a caller may, so whichever comes second is turned away while the first waits for its broker.
        var answers = await Task.WhenAll(
            host.PostAsync("""[{"eventType":"t"},{"eventType":"t"}]"""),
            host.PostAsync("""[{"eventType":"t"},{"eventType":"t"}]"""));

        var refused = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable);
        await IngestTests.ProblemAsync(refused, HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public void Options_that_cannot_be_used_are_all_named_at_once()
    {
        var refusal = Assert.Throws<PipelineStartException>(() => IngestService.Start(
            new IngestOptions { BootstrapServers = "", MaxBodyBytes = 0, MaxEventsPerRequest = 100, MaxWaitingEvents = 100 },
            TimeProvider.System, NullLoggerFactory.Instance));

        Assert.Contains("BootstrapServers", refusal.Message);
        Assert.Contains("MaxBodyBytes", refusal.Message);
        Assert.Contains("MaxWaitingEvents", refusal.Message);
    }
}
