using Millrace.Chaos.Load;
using Millrace.Chaos.Proof;

namespace Millrace.Chaos.Tests.Proof;

/// <summary>A run of two users and six events in one partition, all right, and then one thing wrong at a time.</summary>
public sealed class ComparisonTests
{
    private readonly EventNames _names = new(42);
    private readonly Source _source;
    private readonly Source _bad;
    private readonly List<LoggedRecord> _log = [];
    private readonly List<StoredEvent> _rows = [];
    private readonly List<DeadRecord> _dead = [];
    private readonly List<RelayedRecord> _relayed = [];
    private readonly List<LedgerRange> _ledger = [new(0, 0, 4, 4, 0, 0, 0), new(0, 4, 8, 2, 1, 1, 0)];

    public ComparisonTests()
    {
        _source = new Source(_names, 0, SourceKind.Idempotent, users: 2);
        _bad = new Source(_names, 1, SourceKind.Bad, users: 1);
        for (var i = 0; i < 6; i++)
        {
            var number = _source.Next();
            _source.Acknowledge(number);
            _log.Add(new LoggedRecord(_source.IdOf(number), null, IsCopy: false));
            _rows.Add(new StoredEvent(_source.IdOf(number), 0, i));
        }

        _log.Add(new LoggedRecord(_source.IdOf(2), null, IsCopy: true));
        _bad.Acknowledge(_bad.Next());
        _log.Add(new LoggedRecord(Guid.Empty, _bad.KeyOf(0), IsCopy: false));
        _dead.Add(new DeadRecord(Guid.NewGuid(), _bad.KeyOf(0), 0, 7));
        _relayed.Add(new RelayedRecord(_dead[0].Id, _dead[0].Key, 0, 7, _bad.ValueOf(0)));
    }

    [Fact]
    public void Everything_in_its_place_is_good()
    {
        var verdict = Compare();

        Assert.True(verdict.IsGood, string.Join('\n', verdict.Details()));
        Assert.Equal("acknowledged 6, stored 6, lost 0, doubled 0, out of order 0", $"{verdict}");
    }

    [Fact]
    public void Acknowledged_event_without_a_row_is_lost()
    {
        _rows.RemoveAt(3);
        var verdict = Compare();

        Assert.Equal((1, 5), (verdict.Lost, verdict.Stored));
        Assert.Contains("partition 0 [0, 4) counts 4 rows, the table has 3", verdict.LedgerDifferences);
        Assert.False(verdict.IsGood);
    }

    [Fact]
    public void Event_that_nobody_acknowledged_may_be_missing()
    {
        _source.Next();
        Assert.True(Compare().IsGood);
    }

    [Fact]
    public void Second_row_of_an_event_is_doubled()
    {
        _rows.Add(new StoredEvent(_source.IdOf(2), 0, 6));
        Assert.Equal(1, Compare().Doubled);
    }

    [Fact]
    public void Later_event_of_a_user_that_stands_before_an_earlier_one_is_out_of_order()
    {
        (_log[0], _log[2]) = (_log[2], _log[0]);
        (_rows[0], _rows[2]) = (_rows[0] with { Offset = 2 }, _rows[2] with { Offset = 0 });

        Assert.Equal(1, Compare().OutOfOrder);
    }

    [Fact]
    public void Idempotent_event_twice_in_the_topic_is_the_brokers_doing()
    {
        _log[6] = _log[6] with { IsCopy = false };
        var verdict = Compare();

        Assert.Equal((1, 0), (verdict.DoubledByBroker, verdict.Doubled));
        Assert.False(verdict.IsGood);
    }

    [Fact]
    public void Acknowledged_event_that_is_not_in_the_topic_is_the_brokers_loss()
    {
        _source.Acknowledge(_source.Next());
        var verdict = Compare();

        Assert.Equal((1, 1), (verdict.Lost, verdict.LostByBroker));
    }

    [Fact]
    public void Row_that_names_another_record_is_misplaced()
    {
        _rows[5] = _rows[5] with { Offset = 6 };
        Assert.Equal(1, Compare().Misplaced);
    }

    [Fact]
    public void Bad_record_without_a_dead_letter_is_found()
    {
        _dead.Clear();
        Assert.Equal(1, Compare().DeadLettersLost);
    }

    [Fact]
    public void Bad_record_with_two_dead_letters_is_found()
    {
        _dead.Add(_dead[0] with { Id = Guid.NewGuid() });
        Assert.Equal(1, Compare().DeadLettersDoubled);
    }

    [Fact]
    public void Dead_letter_that_is_not_in_its_topic_is_found()
    {
        _relayed.Clear();
        var verdict = Compare();

        Assert.Equal(1, verdict.DeadLettersNotRelayed);
        Assert.False(verdict.IsGood);
    }

    [Fact]
    public void Dead_letter_may_be_relayed_twice()
    {
        _relayed.Add(_relayed[0]);
        Assert.True(Compare().IsGood);
    }

    [Fact]
    public void Relayed_record_that_is_not_what_it_says_is_found()
    {
        var right = _relayed[0];
        _relayed.AddRange([right with { Id = Guid.NewGuid() }, right with { Key = "other" }, right with { Partition = 1 }, right with { Offset = 6 }, right with { Value = [1] }]);
        var verdict = Compare();

        Assert.Equal((5, 0), (verdict.RelayedWrongly, verdict.DeadLettersNotRelayed));
        Assert.False(verdict.IsGood);
    }

    [Theory]
    [InlineData(0, 3, 4, 8, "leaves a gap from 3")]
    [InlineData(0, 5, 4, 8, "overlaps what ended at 5")]
    [InlineData(0, 4, 4, 7, "partition 0 ends at 8, the ledger at 7")]
    [InlineData(1, 4, 4, 8, "leaves a gap from 0")]
    public void Ledger_that_does_not_chain_is_found(long from1, long to1, long from2, long to2, string sentence)
    {
        _ledger[0] = _ledger[0] with { From = from1, To = to1 };
        _ledger[1] = _ledger[1] with { From = from2, To = to2 };

        Assert.Contains(Compare().LedgerDifferences, difference => difference.Contains(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Ledger_that_miscounts_is_found()
    {
        _ledger[1] = _ledger[1] with { Duplicates = 0, Dead = 2 };
        Assert.Equal(["partition 0 [4, 8) counts 2 dead letters, the table has 1"], Compare().LedgerDifferences);
    }

    [Fact]
    public void Partition_that_did_not_drain_is_not_good() => Assert.False(Compare("partition 0").IsGood);

    private Verdict Compare(params string[] undrained) =>
        new Comparison(_names, [_source, _bad], new TopicContents([_log], _relayed), new DatabaseContents(_rows, _dead, _ledger)).Run(undrained);
}
