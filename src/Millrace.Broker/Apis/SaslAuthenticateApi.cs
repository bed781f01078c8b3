using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// SaslAuthenticate, versions 0 to 2: a token of the login, PLAIN or SCRAM. As Kafka: a login that fails is answered, and the connection closed.
/// <para>Not as Kafka: sessions do not end by themselves (lifetime 0); a client may log in again on the same connection.</para>
/// </summary>
internal sealed class SaslAuthenticateApi() : Api<SaslAuthenticateRequest, SaslAuthenticateResponse>(minVersion: 0, maxVersion: 2)
{
    protected override ValueTask<SaslAuthenticateResponse?> HandleAsync(SaslAuthenticateRequest request, RequestContext context)
    {
        var error = context.Sasl.Take(request.AuthBytes.Span, out var answer);
        context.CloseConnection = error is ErrorCode.SaslAuthenticationFailed;
        return ValueTask.FromResult<SaslAuthenticateResponse?>(new()
        {
            ErrorCode = error,
            ErrorMessage = error switch
            {
                ErrorCode.None => null,
                ErrorCode.IllegalSaslState => "SaslHandshake comes first.",
                _ => "Authentication failed: the user or the password is wrong.",
            },
            AuthBytes = answer,
        });
    }
}
