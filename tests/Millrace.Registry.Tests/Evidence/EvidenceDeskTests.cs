using System.Text;
using Millrace.Registry.Evidence;
using Millrace.Schemas;
using Millrace.Testing;

namespace Millrace.Registry.Tests.Evidence;

public sealed class EvidenceDeskTests(PostgresFixture postgres)
{
    private static readonly JsonSchema Whole = JsonSchema.Compile(
        Encoding.UTF8.GetBytes("""{"type":"object","properties":{"total":{"type":"integer"}}}"""), SchemaOptions.Default);

    [Fact]
    public async Task Events_of_the_type_since_the_moment_are_tried_and_no_others()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);

        // Enough pages for several slices, 1,000 of 7,000 events wrong.
        await run.Database.ExecuteAsync(
            """
            INSERT INTO pipeline.events (event_id, event_type, occurred_at, payload, kafka_partition, kafka_offset)
            SELECT gen_random_uuid(), 'a', now(), jsonb_build_object('total', i, 'filler', md5(i::text) || repeat(md5((i * 7)::text), 40)), 0, i
              FROM generate_series(1, 6000) i
            """);
        await run.Database.ExecuteAsync(
            """
            INSERT INTO pipeline.events (event_id, event_type, occurred_at, payload, kafka_partition, kafka_offset)
            SELECT gen_random_uuid(), 'a', now(), jsonb_build_object('total', 'x'), 1, i FROM generate_series(1, 1000) i
            """);
        await run.StoreAsync("b", """{"total":"x"}""");
        await run.StoreAsync("a", """{"total":"x"}""");
        await run.Database.ExecuteAsync("UPDATE pipeline.events SET created_at = now() - interval '2 days' WHERE event_type = 'a' AND kafka_partition = 9");
        var progress = new List<(long Done, long Total)>();
        var gate = new Lock();

        var report = await RunAsync(run, new EvidenceRequest("a", Whole, DateTimeOffset.UtcNow.AddDays(-1))
        {
            Progress = (done, total) =>
            {
                lock (gate)
                    progress.Add((done, total));
            },
        });

        Assert.Equal((7000L, 1000L, 3), (report.Events, report.Rejected, report.Examples.Count));
        Assert.Equal(1 / 7.0, report.RejectedShare, 12);
        Assert.All(report.Examples, example => Assert.Equal("/total", example.InstanceLocation));
        Assert.True(progress.Count > 1);
        Assert.Equal((7000L, 7000L), progress.Max());
    }

    [Fact]
    public async Task Report_without_a_listener_counts_the_same()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.StoreAsync("a", """{"total":1}""", """{"total":"x"}""");

        var report = await RunAsync(run, new EvidenceRequest("a", Whole, DateTimeOffset.UnixEpoch));

        Assert.Equal((2L, 1L), (report.Events, report.Rejected));
    }

    [Fact]
    public async Task Letters_that_schemas_refused_are_rescued_when_a_replay_would_store_them()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddDeadLetterAsync("a", "schema_violation", """{"eventType":"a","total":1}""");
        await run.AddDeadLetterAsync("a", "event_type_unknown", """{"eventType":"a"}""");
        await run.AddDeadLetterAsync("a", "schema_violation", """{"eventType":"a","total":"x"}""");
        await run.AddDeadLetterAsync("a", "schema_version_unknown", """{"eventType":"a","schemaVersion":1}""");
        await run.AddDeadLetterAsync("a", "schema_version_unknown", """{"eventType":"a","schemaVersion":7}""");
        await run.AddDeadLetterAsync("a", "not_json", """{"eventType":"a"}""");
        await run.AddDeadLetterAsync("b", "schema_violation", """{"eventType":"b"}""");
        await run.AddDeadLetterAsync("a", "schema_violation", """{"eventType":"a"}""", state: "discarded");

        var next = await RunAsync(run, new EvidenceRequest("a", Whole, DateTimeOffset.UnixEpoch));
        Assert.Equal((5L, 3L, 0L), (next.DeadLetters, next.Rescued, next.Events));

        var seventh = await RunAsync(run, new EvidenceRequest("a", Whole, DateTimeOffset.UnixEpoch) { Version = 7 });
        Assert.Equal((5L, 3L), (seventh.DeadLetters, seventh.Rescued));
    }

    [Theory]
    [InlineData("last 7d", 7 * 24 * 60 * 60)]
    [InlineData("12h", 12 * 60 * 60)]
    [InlineData("LAST 90S", 90)]
    [InlineData("5m", 300)]
    [InlineData("last", null)]
    [InlineData("0d", null)]
    [InlineData("7", null)]
    [InlineData("-1d", null)]
    [InlineData("999999999d", null)]
    public void Window_is_read_as_people_write_it(string text, int? seconds) => Assert.Equal(seconds, TimeSpanText.Parse(text)?.TotalSeconds);

    private static Task<EvidenceReport> RunAsync(RegistryRun run, EvidenceRequest request) => run.Registry.Evidence.RunAsync(request, RegistryRun.Cancelled);
}
