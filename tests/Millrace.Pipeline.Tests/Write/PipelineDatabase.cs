using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Pipeline.Ledger;
using Millrace.Pipeline.Migrations;
using Millrace.Pipeline.Parking;
using Millrace.Pipeline.Read;
using Millrace.Pipeline.Write;
using Millrace.Testing;
using Npgsql;

namespace Millrace.Pipeline.Tests.Write;

/// <summary>A migrated database and what writers need to write into it.</summary>
internal sealed class PipelineDatabase : IAsyncDisposable
{
    public static readonly PartitionKey Key = new("group", "events", 1);

    private readonly TestDatabase _database;

    private PipelineDatabase(TestDatabase database, NpgsqlDataSource source) => (_database, Source) = (database, source);

    public NpgsqlDataSource Source { get; }

    /// <summary>Whether writers send a batch of a few rows by COPY too.</summary>
    public bool CopyAlways { get; init; }

    public string ConnectionString => _database.ConnectionString;

    public static async Task<PipelineDatabase> CreateAsync(PostgresFixture postgres, bool copyAlways = false)
    {
        var database = await postgres.CreateDatabaseAsync();
        var source = Database.Open(database.ConnectionString);
        await Migrator.MigrateAsync(source, NullLogger.Instance, TestContext.Current.CancellationToken);
        return new PipelineDatabase(database, source) { CopyAlways = copyAlways };
    }

    /// <summary>Takes the partition over, as a process to which Kafka has assigned it does.</summary>
    public async Task<Position> AcquireAsync() =>
        Assert.Single(await Positions.AcquireAsync(
            Source, Key.GroupId, Key.Topic, [Key.Partition], null, "test", TestContext.Current.CancellationToken));

    public PartitionWriter Writer(Position position) => Writer(position, new ParkedUsers(new ParkingOptions(), TimeProvider.System));

    public PartitionWriter Writer(Position position, ParkedUsers parked) =>
        new(Source, Key, position, parked, new ParkingOptions(), TimeProvider.System, NullLogger.Instance, CopyAlways);

    public Task<T> ScalarAsync<T>(string sql) => _database.ScalarAsync<T>(sql);

    public Task<long> CountAsync(string table) => ScalarAsync<long>($"SELECT count(*) FROM pipeline.{table}");

    public Task ExecuteAsync(string sql) => _database.ExecuteAsync(sql);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _database.DisposeAsync();
    }
}
