using System.Security.Cryptography;
using System.Text;

namespace Millrace.Broker.Security;

/// <summary>Who may log in, and how.</summary>
internal sealed class Logins
{
    public const string Plain = "PLAIN";
    public const string ScramSha256 = "SCRAM-SHA-256";
    public const string ScramSha512 = "SCRAM-SHA-512";

    private readonly IReadOnlyDictionary<string, BrokerUser> _users;
    private readonly Dictionary<(string Mechanism, string User), ScramCredential> _scram = [];

    /// <summary>
    /// What a name that does not exist is answered with, so that nobody can find out which do. Made when it is needed: it would bring OpenSSL
    /// into a broker where nobody logs in, for some megabytes and a good part of its start.
    /// </summary>
    private readonly Lazy<byte[]> _secret = new(() => RandomNumberGenerator.GetBytes(32));

    public Logins(IReadOnlyDictionary<string, BrokerUser> users, IReadOnlyList<string> mechanisms)
    {
        _users = users;
        Mechanisms = mechanisms;
        foreach (var (name, user) in users)
        {
            foreach (var mechanism in mechanisms.Where(m => m != Plain))
                _scram[(mechanism, name)] = ScramCredential.Of(HashOf(mechanism), user.Password, RandomNumberGenerator.GetBytes(16));
        }
    }

    public IReadOnlyList<string> Mechanisms { get; }

    /// <summary>Without users everybody may do everything, and there is nothing to log in to.</summary>
    public bool AreRequired => _users.Count > 0;

    public static HashAlgorithmName HashOf(string mechanism) => mechanism == ScramSha512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;

    public BrokerUser? Find(string name) => _users.GetValueOrDefault(name);

    public bool IsPassword(string name, string password)
    {
        // As much work for a name that is not there.
        var expected = Find(name)?.Password;
        var isSame = CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(password)), SHA256.HashData(Encoding.UTF8.GetBytes(expected ?? "")));
        return isSame && expected is not null;
    }

    /// <summary>For a name that does not exist, one that no password fits, always the same.</summary>
    public ScramCredential ScramOf(string mechanism, string name)
    {
        if (_scram.TryGetValue((mechanism, name), out var known))
            return known;
        var salt = HMACSHA256.HashData(_secret.Value, Encoding.UTF8.GetBytes(name))[..16];
        return new ScramCredential(salt, RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
    }
}
