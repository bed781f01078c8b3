namespace Millrace.Chaos.Tests;

/// <summary>A proof that cannot fail proves nothing: each guarantee is broken on purpose, inside the database, and the verdict has to name it.</summary>
[Collection(nameof(ChaosTests))]
public sealed class BrokenGuaranteeTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    /// <summary>What a crash leaves behind when the position is committed apart from the rows: the position and the ledger, and no rows.</summary>
    [Fact]
    public async Task Position_committed_without_its_rows_is_found_as_lost()
    {
        var report = await RunAsync(
            """
            CREATE FUNCTION pipeline.lose() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              DELETE FROM pipeline.events WHERE kafka_partition = NEW.partition AND kafka_offset >= NEW.from_offset AND kafka_offset < NEW.to_offset;
              RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER lose AFTER INSERT ON pipeline.ledger DEFERRABLE INITIALLY DEFERRED
              FOR EACH ROW WHEN (NEW.from_offset / 500 < NEW.to_offset / 500) EXECUTE FUNCTION pipeline.lose();
            """);

        Assert.True(report.Verdict.Lost > 0, $"{report.Verdict}");
        Assert.NotEmpty(report.Verdict.LedgerDifferences);
        Assert.False(report.Verdict.IsGood);
    }

    [Fact]
    public async Task Rows_that_are_written_twice_are_found_as_doubled()
    {
        // The rows of a child table are the parent's too, and no unique index spans both.
        var report = await RunAsync(
            """
            CREATE TABLE pipeline.events_again () INHERITS (pipeline.events);
            CREATE FUNCTION pipeline.again() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO pipeline.events_again SELECT NEW.*;
              RETURN NULL;
            END $$;
            CREATE TRIGGER again AFTER INSERT ON pipeline.events FOR EACH ROW WHEN (NEW.kafka_offset % 100 = 0) EXECUTE FUNCTION pipeline.again();
            """);

        Assert.True(report.Verdict.Doubled > 0, $"{report.Verdict}");
        Assert.Equal(0, report.Verdict.Lost);
        Assert.False(report.Verdict.IsGood);
    }

    [Fact]
    public async Task Rows_that_swap_their_places_are_found_as_out_of_order()
    {
        var report = await RunAsync(
            """
            CREATE FUNCTION pipeline.swap() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              NEW.kafka_offset := CASE NEW.kafka_offset % 100 WHEN 20 THEN NEW.kafka_offset + 60 WHEN 80 THEN NEW.kafka_offset - 60 ELSE NEW.kafka_offset END;
              RETURN NEW;
            END $$;
            CREATE TRIGGER swap BEFORE INSERT ON pipeline.events FOR EACH ROW EXECUTE FUNCTION pipeline.swap();
            """);

        Assert.True(report.Verdict.OutOfOrder > 0, $"{report.Verdict}");
        Assert.True(report.Verdict.Misplaced > 0, string.Join('\n', report.Verdict.Details()));
        Assert.Equal(0, report.Verdict.Lost);
        Assert.False(report.Verdict.IsGood);
    }

    [Fact]
    public async Task Dead_letters_that_vanish_are_found()
    {
        var report = await RunAsync("CREATE RULE vanish AS ON INSERT TO pipeline.ledger WHERE NEW.dead > 0 DO ALSO DELETE FROM pipeline.dead_letters WHERE kafka_partition = NEW.partition");

        Assert.True(report.Verdict.DeadLettersLost > 0, string.Join('\n', report.Verdict.Details()));
        Assert.False(report.Verdict.IsGood);
    }

    [Fact]
    public async Task Dead_letters_that_are_marked_and_not_relayed_are_found()
    {
        var report = await RunAsync(
            """
            CREATE FUNCTION pipeline.mark() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              NEW.relayed_at := now();
              RETURN NEW;
            END $$;
            CREATE TRIGGER mark BEFORE INSERT ON pipeline.dead_letters FOR EACH ROW WHEN (NEW.kafka_offset % 2 = 0) EXECUTE FUNCTION pipeline.mark();
            """);

        Assert.True(report.Verdict.DeadLettersNotRelayed > 0, string.Join('\n', report.Verdict.Details()));
        Assert.Equal(0, report.Verdict.DeadLettersLost);
        Assert.False(report.Verdict.IsGood);
    }

    private static Task<ChaosReport> RunAsync(string sabotage) => RunningChaos.RunAsync(Duration, seed: 1, [], sabotage: sabotage);
}
