using System.Text;
using Millrace.Protocol;

namespace Millrace.Broker.Security;

/// <summary>How far a connection is with logging in. Used by the connection only, one request at a time.</summary>
internal sealed class SaslSession(Logins logins)
{
    private string? _mechanism;
    private ScramExchange? _scram;

    /// <summary>Who has logged in; null before, or where nobody has to.</summary>
    public BrokerUser? User { get; private set; }

    public bool MayAnything => !logins.AreRequired || User is not null;

    public bool MayWrite => !logins.AreRequired || User is { IsReadOnly: false };

    /// <summary>After a handshake of version 0 tokens come bare, without Kafka's headers, until the login is done.</summary>
    public bool ExpectsBareTokens { get; private set; }

    public IReadOnlyList<string> Mechanisms => logins.Mechanisms;

    public ErrorCode Begin(string mechanism, bool bareTokens)
    {
        if (!logins.AreRequired)
            return ErrorCode.IllegalSaslState;
        if (!logins.Mechanisms.Contains(mechanism))
            return ErrorCode.UnsupportedSaslMechanism;
        _mechanism = mechanism;
        _scram = mechanism == Logins.Plain ? null : new ScramExchange(mechanism, logins);
        ExpectsBareTokens = bareTokens;
        return ErrorCode.None;
    }

    /// <summary>Takes a token of the client's.</summary>
    /// <param name="token">As it came.</param>
    /// <param name="answer">What to send back; empty when there is nothing to say.</param>
    public ErrorCode Take(ReadOnlySpan<byte> token, out byte[] answer)
    {
        answer = [];
        if (_mechanism is null)
            return ErrorCode.IllegalSaslState;

        var text = Encoding.UTF8.GetString(token);
        if (_scram is null)
            return Finish(PlainUser(text));
        if (_scram.Answer(text) is not { } said)
            return Finish(null);
        answer = Encoding.UTF8.GetBytes(said);
        return _scram.IsDone ? Finish(logins.Find(_scram.User)) : ErrorCode.None;
    }

    private ErrorCode Finish(BrokerUser? user)
    {
        _mechanism = null;
        _scram = null;
        ExpectsBareTokens = false;
        User = user;
        return user is null ? ErrorCode.SaslAuthenticationFailed : ErrorCode.None;
    }

    /// <summary><c>[authorization id] NUL name NUL password</c> (RFC 4616). Acting for somebody else is not possible.</summary>
    private BrokerUser? PlainUser(string token) =>
        token.Split('\0') is [var actsFor, var name, var password] && (actsFor.Length == 0 || actsFor == name) && logins.IsPassword(name, password)
            ? logins.Find(name)
            : null;
}
