using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Registry.Catalog;
using Millrace.Schemas.Catalog;
using Millrace.Testing;

namespace Millrace.Registry.Tests.Catalog;

public sealed class SchemaFeedTests(PostgresFixture postgres)
{
    private const string Open = """{"type":"object"}""";
    private const string Total = """{"type":"object","properties":{"total":{"type":"number"}}}""";

    [Fact]
    public async Task Start_has_the_catalog_that_the_tables_hold()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Open, activate: true);
        await run.AddAsync("a", Total);
        await run.AddAsync("draft_only", Open);
        await run.Registry.Settings.SetModeAsync("a", SchemaMode.Warn, RegistryRun.Actor, RegistryRun.Cancelled);
        await run.Registry.Settings.SetUnknownTypesAsync(UnknownTypes.Reject, RegistryRun.Actor, RegistryRun.Cancelled);

        await using var feed = await StartAsync(run);

        var type = Assert.Single(feed.Current.Types);
        Assert.Equal(("a", SchemaMode.Warn, 1), (type.EventType, type.Mode, type.ActiveVersion));
        Assert.Equal([1], type.Versions.Keys);
        Assert.Equal(Open, Encoding.UTF8.GetString(type.Versions[1].Source.Span));
        Assert.Equal(UnknownTypes.Reject, feed.Current.Unknown);
    }

    [Fact]
    public async Task Every_process_sees_an_activation()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await using var first = await StartAsync(run);
        await using var second = await StartAsync(run);
        Assert.True(first.Current.IsEmpty);

        await run.AddAsync("a", Open, activate: true);

        await SeesAsync(first, "a 1");
        await SeesAsync(second, "a 1");
    }

    [Fact]
    public async Task Change_is_seen_by_its_notification_alone()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await using var feed = await SchemaFeed.StartAsync(
            run.Settings, TimeSpan.FromHours(1), TimeProvider.System, NullLoggerFactory.Instance, RegistryRun.Cancelled);

        await run.AddAsync("a", Open, activate: true);
        await SeesAsync(feed, "a 1");
        await run.AddAsync("b", Total, activate: true);
        await SeesAsync(feed, "a 1, b 1");
    }

    [Fact]
    public async Task Change_without_a_notification_is_seen_all_the_same()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Open);
        await using var feed = await StartAsync(run);

        await run.Database.ExecuteAsync("UPDATE pipeline.schemas SET state = 'active'; UPDATE pipeline.schema_settings SET change = change + 1");

        await SeesAsync(feed, "a 1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Process_that_hears_no_notifications_looks_each_second_instead(bool waitsEndEarly)
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Open);

        // What the feed sends to hear it goes nowhere then, as through a pooler that gives each transaction another connection.
        await run.Database.ExecuteAsync(
            """
            CREATE SCHEMA deaf;
            CREATE FUNCTION deaf.pg_notify(text, text) RETURNS void LANGUAGE sql AS '';
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = deaf, pg_catalog', current_database()); END $$;
            """);
        await using var feed = await SchemaFeed.StartAsync(
            run.Settings, TimeSpan.FromHours(1), waitsEndEarly ? new WaitsEndEarly() : TimeProvider.System, NullLoggerFactory.Instance, RegistryRun.Cancelled);
        Assert.True(feed.Current.IsEmpty);

        await run.Database.ExecuteAsync("UPDATE pipeline.schemas SET state = 'active'; UPDATE pipeline.schema_settings SET change = change + 1");

        await SeesAsync(feed, "a 1");
    }

    [Fact]
    public async Task Outage_keeps_the_last_catalog_and_its_end_brings_the_new_one()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Open, activate: true);
        await using var feed = await StartAsync(run);

        // The server is shared with other tests: for this database alone its tables are out of reach.
        await run.Database.ExecuteAsync("ALTER SCHEMA pipeline RENAME TO away");
        await Eventually.TrueAsync(() => feed.Trouble is not null, "the feed says that it is in trouble");
        Assert.Equal("a 1", Text(feed));

        await run.Database.ExecuteAsync("ALTER SCHEMA away RENAME TO pipeline");
        await run.AddAsync("b", Total, activate: true);
        await SeesAsync(feed, "a 1, b 1");
        await Eventually.TrueAsync(() => feed.Trouble is null, "the feed is fresh again");
    }

    [Fact]
    public async Task Broken_connection_is_made_anew()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await using var feed = await StartAsync(run);

        await run.Database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%schema_settings%' AND pid <> pg_backend_pid()");
        await run.AddAsync("a", Open, activate: true);

        await SeesAsync(feed, "a 1");
    }

    [Fact]
    public async Task Schema_that_this_build_cannot_use_leaves_the_others_in_force()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        await run.AddAsync("a", Open, activate: true);
        await run.AddAsync("b", Total, activate: true);
        await run.Database.ExecuteAsync("UPDATE pipeline.schemas SET source = '{\"type\":', fingerprint = 'other' WHERE event_type = 'b'");

        await using var feed = await StartAsync(run);

        Assert.Equal("a 1", Text(feed));
    }

    [Fact]
    public async Task Start_without_the_tables_is_a_sentence()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        var settings = new RegistrySettings { ConnectionString = database.ConnectionString };

        var e = await Assert.ThrowsAsync<RegistryException>(
            () => SchemaFeed.StartAsync(settings, TimeProvider.System, NullLoggerFactory.Instance, RegistryRun.Cancelled));

        Assert.Contains("no Millrace tables", e.Message, StringComparison.Ordinal);
    }

    private static Task<SchemaFeed> StartAsync(RegistryRun run) =>
        SchemaFeed.StartAsync(run.Settings, TimeProvider.System, NullLoggerFactory.Instance, RegistryRun.Cancelled);

    private static Task SeesAsync(SchemaFeed feed, string expected) =>
        Eventually.EqualAsync(expected, () => Task.FromResult(Text(feed)), "the catalog of the feed");

    private static string Text(SchemaFeed feed) => string.Join(", ", feed.Current.Types.Select(type => $"{type.EventType} {type.ActiveVersion}"));

    /// <summary>To this clock a wait of a second has ended half a millisecond early, as it may: timers and clocks count differently.</summary>
    private sealed class WaitsEndEarly : TimeProvider
    {
        private readonly List<long> _given = [];

        public override long GetTimestamp()
        {
            var now = base.GetTimestamp();
            lock (_given)
            {
                foreach (var earlier in _given)
                {
                    if (GetElapsedTime(earlier, now).TotalSeconds is >= 1 and < 3)
                    {
                        now = earlier + (TimestampFrequency * 9_995 / 10_000);
                        break;
                    }
                }

                _given.Add(now);
                return now;
            }
        }
    }
}
