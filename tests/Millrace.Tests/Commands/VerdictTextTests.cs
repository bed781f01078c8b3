using Millrace.Commands.Verify;
using Millrace.Operations.Proof;

namespace Millrace.Tests.Commands;

/// <summary>The last line is read alone, and must never say more than was found out.</summary>
public sealed class VerdictTextTests
{
    private static readonly Check Fine = new("ranges", 0, CheckOutcome.Ok, "ranges chain from 0 to 10");
    private static readonly Check Wrong = new("rows", 1, CheckOutcome.Failed, "9 rows where the ledger has 10");
    private static readonly Check Unknown = new("watermarks", null, CheckOutcome.NotChecked, "Kafka does not answer");

    [Fact]
    public void All_ok_is_said_to_be_so()
    {
        string text = Write(deep: false, Fine);

        Assert.EndsWith("OK: every record is accounted for, once.\n", text, StringComparison.Ordinal);
        Assert.Contains("  ok           partition 0: ranges chain from 0 to 10\n", text, StringComparison.Ordinal);
        Assert.Contains("10 offsets: 7 stored, 2 duplicates, 1 dead letters, 0 parked, in 3 transactions", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Difference_outweighs_what_could_not_be_checked()
    {
        string text = Write(deep: false, Fine, Wrong, Unknown);

        Assert.EndsWith("FAILED: 1 of 3 checks found a difference; they are marked above.\n", text, StringComparison.Ordinal);
        Assert.Contains("  FAILED       partition 1: 9 rows where the ledger has 10\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "marked above. 'millrace verify --deep' reads the topic as well.\n")]
    [InlineData(true, "marked above.\n")]
    public void What_could_not_be_checked_is_not_called_ok(bool deep, string end)
    {
        string text = Write(deep, Fine, Unknown);

        Assert.Contains("NOT PROVEN: nothing differs, but 1 of 2 checks could not be made", text, StringComparison.Ordinal);
        Assert.EndsWith(end, text, StringComparison.Ordinal);
        Assert.DoesNotContain("OK:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Wide_topic_is_one_line_for_each_kind_and_what_differs_stands_out()
    {
        Check[] checks = [.. Enumerable.Range(0, 12).Select(p => new Check("ranges", p, p == 7 ? CheckOutcome.Failed : CheckOutcome.Ok, $"figures of {p}"))];

        string[] lines = [.. Write(deep: false, checks).Split('\n').Where(l => l.StartsWith("  ", StringComparison.Ordinal))];

        Assert.Equal("  ok           11 partitions: The flushes cover their offsets without gap or overlap.", lines[0]);
        Assert.Equal("  FAILED       partition 7: figures of 7", lines[1]);
        Assert.Equal(3, lines.Length);
    }

    private static string Write(bool deep, params Check[] checks)
    {
        var output = new StringWriter();
        VerdictText.Write(output, new Verdict("events", "g", null, null, new LedgerTotals(10, 7, 2, 1, 0, 0, 3), checks), deep);
        return output.ToString();
    }
}
