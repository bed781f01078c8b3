using System.Security.Cryptography;

namespace Millrace.Broker.Security;

/// <summary>
/// The server's side of SCRAM (RFC 5802, section 5), without channel binding:
/// <code>
/// client  n,,n=USER,r=NONCE
/// server  r=NONCE+OURS,s=SALT,i=ITERATIONS
/// client  c=biws,r=NONCE+OURS,p=PROOF
/// server  v=SIGNATURE
/// </code>
/// </summary>
internal sealed class ScramExchange(string mechanism, Logins logins)
{
    private const string NoChannelBinding = "c=biws,";

    private readonly HashAlgorithmName _hash = Logins.HashOf(mechanism);
    private string? _clientFirst;
    private string _serverFirst = "";
    private string _nonce = "";

    public string User { get; private set; } = "";

    public bool IsDone { get; private set; }

    /// <summary>The answer to a message; null when the client has not shown that it knows the password.</summary>
    public string? Answer(string message) => _clientFirst is null ? First(message) : Final(message);

    private string? First(string message)
    {
        var bare = message.StartsWith("n,,", StringComparison.Ordinal) ? message[3..] : null;
        var parts = bare?.Split(',');
        if (parts is not [var name, var nonce, ..] || !name.StartsWith("n=", StringComparison.Ordinal) || !nonce.StartsWith("r=", StringComparison.Ordinal))
            return null;

        User = name[2..].Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        _clientFirst = bare!;
        _nonce = nonce[2..] + Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var credential = logins.ScramOf(mechanism, User);
        return _serverFirst = $"r={_nonce},s={Convert.ToBase64String(credential.Salt)},i={ScramCredential.Iterations}";
    }

    private string? Final(string message)
    {
        var proofAt = message.LastIndexOf(",p=", StringComparison.Ordinal);
        if (IsDone || proofAt < 0 || message[..proofAt] != $"{NoChannelBinding}r={_nonce}")
            return null;

        var credential = logins.ScramOf(mechanism, User);
        var authMessage = $"{_clientFirst},{_serverFirst},{message[..proofAt]}";
        var proof = new byte[credential.StoredKey.Length];
        if (!Convert.TryFromBase64String(message[(proofAt + 3)..], proof, out var length) || length != proof.Length)
            return null;

        var signature = ScramCredential.Hmac(_hash, credential.StoredKey, authMessage);
        if (signature.Length != proof.Length)
            return null; // The credential of a name that does not exist.
        var clientKey = proof.Zip(signature, (p, s) => (byte)(p ^ s)).ToArray();
        if (!CryptographicOperations.FixedTimeEquals(CryptographicOperations.HashData(_hash, clientKey), credential.StoredKey) || logins.Find(User) is null)
            return null;

        IsDone = true;
        return "v=" + Convert.ToBase64String(ScramCredential.Hmac(_hash, credential.ServerKey, authMessage));
    }
}
