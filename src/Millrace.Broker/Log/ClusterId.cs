using System.Buffers.Text;

namespace Millrace.Broker.Log;

/// <summary>The id of this broker's data, made once. 22 characters, as Kafka writes its own.</summary>
internal static class ClusterId
{
    /// <exception cref="BrokerStartException">The disk failed.</exception>
    public static async Task<string> GetOrCreateAsync(MetadataLog metadata)
    {
        if (metadata.Image.ClusterId is { } known)
            return known;

        var id = Base64Url.EncodeToString(Guid.NewGuid().ToByteArray());
        if (!await metadata.AppendAsync(new MetadataRecord.ClusterCreated(id)).ConfigureAwait(false))
            throw new BrokerStartException("The broker's data directory cannot be written to: check the disk.");
        return id;
    }
}
