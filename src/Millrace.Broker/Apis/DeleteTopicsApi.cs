using Millrace.Broker.Topics;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// DeleteTopics, versions 1 to 6 (6 takes ids too): final when it is answered, with the records and the offsets that
/// groups committed for it. As Kafka, which deletes the files a little later.
/// </summary>
internal sealed class DeleteTopicsApi(BrokerServices services) : Api<DeleteTopicsRequest, DeleteTopicsResponse>(minVersion: 1, maxVersion: 6)
{
    private const short NamesOrIds = 6;

    protected override async ValueTask<DeleteTopicsResponse?> HandleAsync(DeleteTopicsRequest request, RequestContext context)
    {
        var wanted = context.Version >= NamesOrIds
            ? request.Topics
            : request.TopicNames.ConvertAll(name => new DeleteTopicsRequest.DeleteTopicState { Name = name });

        var response = new DeleteTopicsResponse();
        foreach (var topic in wanted)
            response.Responses.Add(await DeleteAsync(topic, context).ConfigureAwait(false));
        return response;
    }

    private async ValueTask<DeleteTopicsResponse.DeletableTopicResult> DeleteAsync(DeleteTopicsRequest.DeleteTopicState wanted, RequestContext context)
    {
        var (topic, error) = Find(wanted);
        if (!context.MayWrite)
            error = ErrorCode.TopicAuthorizationFailed;
        else if (topic is not null)
            error = await services.Topics.DeleteAsync(topic).ConfigureAwait(false);
        return new()
        {
            Name = topic?.Name ?? wanted.Name,
            TopicId = topic?.Id ?? wanted.TopicId,
            ErrorCode = error,
            ErrorMessage = error is ErrorCode.None ? null : "The topic was not deleted: " + error + ".",
        };
    }

    private (Topic? Topic, ErrorCode Error) Find(DeleteTopicsRequest.DeleteTopicState wanted)
    {
        if (wanted.Name is null)
            return (services.Topics.Find(wanted.TopicId), ErrorCode.UnknownTopicId);
        return wanted.TopicId == Guid.Empty
            ? (services.Topics.Find(wanted.Name), ErrorCode.UnknownTopicOrPartition)
            : (null, ErrorCode.InvalidRequest);
    }
}
