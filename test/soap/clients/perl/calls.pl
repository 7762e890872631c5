#!/usr/bin/perl
# Makes the calls that come as JSON on standard input with SOAP::Lite at the endpoint in argv[0]; prints the outcomes as JSON.
use strict;
use warnings;
use Digest::SHA qw(hmac_sha1_base64);
use JSON::PP;
use MIME::Base64;
use MIME::Entity;
use POSIX qw(strftime);
use SOAP::Lite;
use Time::HiRes qw(time);

my $NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
my ($endpoint) = @ARGV;

# An element and what is inside. What has no type is not escaped, so that every text says that it is one; a grantee says which it is.
sub element {
    my ($name, $value) = @_;
    return map { element($name, $_) } @$value if ref $value eq 'ARRAY';
    return SOAP::Data->name($name)->type('string')->value("$value") unless ref $value eq 'HASH';
    my %members = %$value;
    my $type = $name eq 'Grantee' ? delete $members{type} : '';
    my @inside = map { element($_, $members{$_}) } sort keys %members;
    my $data = @inside ? SOAP::Data->name($name => \SOAP::Data->value(@inside)) : SOAP::Data->name($name)->type('')->value('');
    return $type eq '' ? $data : $data->attr({ 'xsi:type' => $type });
}

# The three elements that say who asks; nothing for a call that nobody signs.
sub signature {
    my ($call) = @_;
    my $as = $call->{as} or return ();
    my $now = time() - ($call->{ageSeconds} // 0);
    my $timestamp = strftime('%Y-%m-%dT%H:%M:%S', gmtime($now)) . sprintf('.%03dZ', ($now - int $now) * 1000);
    my $mac = hmac_sha1_base64("AmazonS3$call->{operation}$timestamp", $as->{secretAccessKey});
    # This module leaves the padding out.
    $mac .= '=' while length($mac) % 4;
    return (
        element(AWSAccessKeyId => $as->{accessKeyId}),
        element(Timestamp => $call->{timestamp} // $timestamp),
        element(Signature => $mac),
    );
}

sub outcome {
    my ($call) = @_;
    my $soap = SOAP::Lite->proxy($endpoint)->default_ns($NAMESPACE)->on_action(sub { '""' })->on_fault(sub { $_[1] });
    if (defined $call->{attachment}) {
        my $data = decode_base64($call->{attachment});
        # SOAP::Lite takes the whole message for text in Latin-1 and makes UTF-8 of it: bytes come through in base64 alone.
        $soap->parts([MIME::Entity->build(Type => 'text/plain', Encoding => 'base64', Data => $data, Id => '<attachment>')]);
    }
    my $arguments = $call->{arguments};
    my $answer = $soap->call(
        $call->{operation},
        (map { element($_, $arguments->{$_}) } sort keys %$arguments),
        signature($call),
    );
    die "no answer: $answer" unless ref $answer;
    if ($answer->fault) {
        my $detail = $answer->faultdetail || {};
        return { fault => { code => $answer->faultcode, message => $answer->faultstring, detail => $detail } };
    }
    # The one element inside the response's; those that set something have none.
    my $outcome = { result => plain($answer->result || {}) };
    my ($part) = @{ $answer->parts || [] };
    $outcome->{attachment} = encode_base64($part->bodyhandle->as_string, '') if $part;
    return $outcome;
}

# What was read, as JSON can say it. SOAP::Lite has blessed a grantee into its type.
sub plain {
    my ($value) = @_;
    my $kind = ref $value or return $value;
    return [map { plain($_) } @$value] if $kind eq 'ARRAY';
    my %members = map { $_ => plain($value->{$_}) } keys %$value;
    return $kind eq 'HASH' ? \%members : { type => $kind, %members };
}

local $/;
my @outcomes = map { outcome($_) } @{ decode_json(<STDIN>) };
print encode_json(\@outcomes);
