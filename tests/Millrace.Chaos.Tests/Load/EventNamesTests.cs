using Millrace.Chaos.Load;

namespace Millrace.Chaos.Tests.Load;

public sealed class EventNamesTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 1_234_567)]
    [InlineData(65_535, 0x00FF_FFFF_FFFF_FFFF)]
    public void Id_says_where_it_comes_from(int source, long number)
    {
        var names = new EventNames(7);
        var id = names.IdOf(source, number);

        Assert.True(names.TryParse(id, out var foundSource, out var foundNumber));
        Assert.Equal((source, number), (foundSource, foundNumber));
        Assert.Equal(8, id.Version);
    }

    [Fact]
    public void Id_of_another_run_is_not_ours() => Assert.False(new EventNames(7).TryParse(new EventNames(8).IdOf(0, 0), out _, out _));

    [Fact]
    public void Copy_of_an_event_has_the_same_bytes()
    {
        var source = new Source(new EventNames(7), 1, SourceKind.Retrying, users: 10);
        Assert.Equal(source.ValueOf(25), source.ValueOf(25));
        Assert.Equal(source.KeyOf(5), source.KeyOf(25));
    }
}
