using Microsoft.Extensions.Time.Testing;

namespace Millrace.Events.Tests;

public sealed class EventIdsTests
{
    private const long Timestamp = 1_772_600_767_123;

    /// <summary>A re-read after an upgrade must give the same ids, so these may never change.</summary>
    [Theory]
    [InlineData("events", 0, 0L, Timestamp, "019cb73d-3293-86a3-b3cd-1ab263e661d6")]
    [InlineData("events", 0, 1L, Timestamp, "019cb73d-3293-86a3-b3cd-1ab263e661d7")]
    [InlineData("events", 2, 123_456_789_012L, Timestamp, "019cb73d-3293-851a-b3c6-e2035726009d")]
    [InlineData("évènements", 0, 0L, 0L, "00000000-0000-8921-a92c-826d148281ce")]
    public void Derived_id_is_frozen(string topic, int partition, long offset, long timestamp, string expected)
    {
        Assert.Equal(Guid.Parse(expected), EventIds.ForPartition(topic, partition).At(offset, timestamp));
    }

    [Fact]
    public void Derived_id_is_a_version_8_uuid_with_the_variant_of_rfc_9562()
    {
        foreach (var offset in new[] { 0, 1, long.MaxValue, 1L << 61, 1L << 62 })
        {
            var id = EventIds.ForPartition("events", 1).At(offset, Timestamp);
            Assert.Equal(8, id.Version);
            Assert.InRange(id.Variant, 8, 11);
        }
    }

    [Fact]
    public void Derived_ids_differ_in_topic_partition_offset_and_timestamp()
    {
        var ids = new HashSet<Guid>();
        foreach (var topic in new[] { "a", "b", "ab" })
            foreach (var partition in new[] { 0, 1, 256 })
                foreach (var offset in new[] { 0L, 1, 2, 255, 256, 1L << 40 })
                    foreach (var timestamp in new[] { 0L, Timestamp, Timestamp + 1 })
                        Assert.True(ids.Add(EventIds.ForPartition(topic, partition).At(offset, timestamp)));
    }

    [Fact]
    public void Derived_ids_sort_by_the_time_of_the_record()
    {
        var earlier = EventIds.ForPartition("events", 0).At(5, Timestamp);
        var later = EventIds.ForPartition("events", 1).At(1, Timestamp + 1);

        Assert.True(string.CompareOrdinal(earlier.ToString(), later.ToString()) < 0);
    }

    [Fact]
    public void New_id_is_a_version_7_uuid_of_the_given_time()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Timestamp));

        var id = EventIds.New(time);

        Assert.Equal(7, id.Version);
        Assert.Equal("019cb73d-3293", id.ToString()[..13]);
        Assert.NotEqual(id, EventIds.New(time));
    }
}
