using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Pipeline.Ingest;
using Millrace.Testing;

namespace Millrace.Pipeline.Tests.Ingest;

public sealed class HealthTests(KafkaFixture kafka, PostgresFixture postgres)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_follows_the_database_and_live_does_not()
    {
        await using var run = await PipelineRun.CreateAsync(kafka, postgres);
        await using var pipeline = await run.StartAsync();
        await using var ingest = Ingest(run);
        await using var app = await StartAsync(new HealthService(pipeline, ingest, new HealthOptions(), TimeProvider.System));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        await Eventually.EqualAsync(HttpStatusCode.OK, () => StatusAsync(client, "/health/ready"), "ready once the partitions are assigned");
        var report = (await client.GetFromJsonAsync<HealthReport>("/health/ready", Cancelled))!;
        Assert.Equal("healthy", report.Status);
        Assert.Equal(["broker", "database", "pipeline", "lag"], report.Checks.Select(check => check.Name));

        await using (await Outage.BeginAsync(run.Database))
        {
            await Eventually.EqualAsync(HttpStatusCode.ServiceUnavailable, () => StatusAsync(client, "/health/ready"), "not ready without a database");
            using var answer = await client.GetAsync("/health/ready", Cancelled);
            var unready = (await answer.Content.ReadFromJsonAsync<HealthReport>(Cancelled))!;
            Assert.Equal("unhealthy", unready.Checks.Single(check => check.Name == "database").Status);
            Assert.Equal("healthy", unready.Checks.Single(check => check.Name == "broker").Status);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/health/live"));
        }

        await Eventually.EqualAsync(HttpStatusCode.OK, () => StatusAsync(client, "/health/ready"), "ready again");
    }

    [Fact]
    public async Task Lag_degrades_first_and_then_makes_unready()
    {
        await using var run = await PipelineRun.CreateAsync(kafka, postgres);
        await using var pipeline = await run.StartAsync();
        await using var ingest = Ingest(run);
        await Eventually.TrueAsync(() => pipeline.GetStatus() is { IsReady: true, Lag: 0 }, "the pipeline is ready");

        Assert.Equal("degraded", await LagAsync(new HealthOptions { DegradedLag = 0, UnreadyLag = 1 }));
        Assert.Equal("unhealthy", await LagAsync(new HealthOptions { DegradedLag = 0, UnreadyLag = 0 }));
        Assert.Equal("healthy", await LagAsync(new HealthOptions()));

        async Task<string> LagAsync(HealthOptions options)
        {
            var report = await new HealthService(pipeline, ingest, options, TimeProvider.System).CheckAsync(Cancelled);
            Assert.Equal(report.Status, report.Checks.Single(check => check.Name == "lag").Status);
            return report.Status;
        }
    }

    private static IngestService Ingest(PipelineRun run) =>
        IngestService.Start(
            new IngestOptions { BootstrapServers = run.Topic.BootstrapServers, Topic = run.Topic.Name }, TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<WebApplication> StartAsync(HealthService health)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapHealth(health);
        await app.StartAsync(Cancelled);
        return app;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancelled);
        return answer.StatusCode;
    }
}
