// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A tour of the library: two processes talk over a local socket, and say what they do.
//
// Where to begin reading: protocol.h is what the two have agreed upon, service.cpp and client.cpp are the two sides, and
// sender.cpp shows how to send more than fits into memory. This file only puts them together.

#include "client.h"
#include "console.h"
#include "interrupt.h"
#include "service.h"
#include "serviceprocess.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFileInfo>

using namespace InterprocessQt;

namespace
{

constexpr int Failure = 1;
constexpr int WrongUsage = 2;

constexpr char Description[] =
    "Two processes of this machine, a service and a client, talk over a local socket:\n"
    "a file travels from one to the other and its checksum comes back, questions are\n"
    "asked and answered, and you see who talks to whom, and how fast.\n"
    "\n"
    "By default the client starts the service itself. To see that the two have\n"
    "nothing in common but an address, start each in a terminal of its own:\n"
    "    %1 --serve @here\n"
    "    %1 --client @here\n"
    "An address is \"@\" and a name that is nowhere in the file system, or the path of\n"
    "a file that the service makes, or the name of one in the temporary folder.\n"
    "\n"
    "The exit code is 0 if everything was as it should be, 1 if not, and 2 if the\n"
    "command line is wrong.";

// A text that everybody has who has built this; and wherever this program has been moved to, there is the program itself.
QString defaultFile()
{
    const QString text = TOUR_DEFAULT_FILE;
    return QFileInfo(text).isReadable() ? text : QCoreApplication::applicationFilePath();
}

void reportFailure(const QString &reason)
{
    // Ctrl-C reaches both processes: the other one may be gone before it is our turn to go.
    if (interrupt::hasCome())
        return;
    console::complain(reason);
    QCoreApplication::exit(Failure);
}

int serve(const Address &address, Service::End end)
{
    Service service(end);
    if (!service.start(address))
        return Failure;
    const int code = QCoreApplication::exec();
    // That is not an interruption, but what it has waited for.
    if (end == Service::End::WhenTerminated && interrupt::wasToTerminate())
        return service.exitCode();
    return interrupt::exitCode(code);
}

int visit(const Address &address, const QString &file)
{
    Client client;
    if (const QString flaw = client.open(file); !flaw.isEmpty()) {
        console::complain(flaw);
        return Failure;
    }
    QObject::connect(&client, &Client::failed, reportFailure);
    QObject::connect(&client, &Client::finished, qApp, &QCoreApplication::quit);
    client.start(address);
    const int code = interrupt::exitCode(QCoreApplication::exec());
    if (code == 0)
        console::say("client", "the service has said goodbye, too");
    return code;
}

int tour(const QString &file)
{
    // Destroyed after the client: a service ends when its client has gone without a goodbye.
    ServiceProcess service;
    Client client;
    if (const QString flaw = client.open(file); !flaw.isEmpty()) {
        console::complain(flaw);
        return Failure;
    }

    console::explain("A local socket is a two-way stream of bytes between two processes of one");
    console::explain("machine, without a network. This process, the client, now starts a second one,");
    console::explain("the service, which learns nothing from it but the address where to listen.");
    console::explain();

    const Address address = Address::namespaced(QString("interprocessqt-tour-%1").arg(QCoreApplication::applicationPid()));
    if (!service.start(address)) {
        console::complain("the service could not be started: " + service.errorString());
        return Failure;
    }
    console::say("client", QString("I am process %1, and have started process %2").arg(QCoreApplication::applicationPid()).arg(service.processId()));

    QObject::connect(&client, &Client::failed, reportFailure);
    QObject::connect(&client, &Client::finished, qApp, &QCoreApplication::quit);
    QObject::connect(&service, &ServiceProcess::ended, &client, [&] {
        client.stopWaiting("the service has ended before it could be reached: " + service.describeEnd());
    });
    client.waitForService();
    client.expectProcess(service.processId());
    client.start(address);
    if (const int code = interrupt::exitCode(QCoreApplication::exec()); code != 0)
        return code;

    if (!service.terminate()) {
        console::complain("the service could not be told to end: " + service.errorString());
        return Failure;
    }
    console::say("client", "I have sent SIGTERM to the service, for which it is a slot like any other");
    if (!service.waitForEnd()) {
        console::complain("the service has not ended in order: " + service.describeEnd());
        return Failure;
    }
    console::say("client", "the service has ended in order: " + service.describeEnd());
    console::explain();
    console::explain("Everything was as it should be. Now try a large file: ./dev demo FILE. How to");
    console::explain("start the two processes by hand is told by ./dev demo --help.");
    return 0;
}

int wrongUsage(QString reason)
{
    if (reason.endsWith('.'))
        reason.chop(1);
    console::complain(reason + "; --help explains");
    return WrongUsage;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName("interprocessqt-tour");

    const QCommandLineOption helpOption({"h", "help"}, "This text.");
    const QCommandLineOption serveOption("serve", "Be only the service, and listen there.", "address");
    const QCommandLineOption untilOption("until-terminated", "As a service, end on SIGTERM instead of with the last client.");
    const QCommandLineOption clientOption("client", "Be only the client, and talk to the service there.", "address");
    QCommandLineParser parser;
    parser.setApplicationDescription(QString(Description).arg(QCoreApplication::arguments().first()));
    parser.addOptions({serveOption, untilOption, clientOption, helpOption});
    parser.addPositionalArgument("file", "What the client sends; by default a text of this repository.", "[file]");

    if (!parser.parse(QCoreApplication::arguments()))
        return wrongUsage(parser.errorText());
    if (parser.isSet(helpOption)) {
        console::explain(parser.helpText());
        return 0;
    }
    const QStringList files = parser.positionalArguments();
    if (files.size() > 1)
        return wrongUsage("only one file can be sent");
    if (parser.isSet(serveOption) && (parser.isSet(clientOption) || !files.isEmpty()))
        return wrongUsage("a service does nothing but serve");

    if (parser.isSet(untilOption) && !parser.isSet(serveOption))
        return wrongUsage("--until-terminated is for a service");

    if (!interrupt::watch())
        return Failure;
    if (parser.isSet(serveOption))
        return serve(parser.value(serveOption), parser.isSet(untilOption) ? Service::End::WhenTerminated : Service::End::WithTheLastClient);
    const QString file = files.isEmpty() ? defaultFile() : files.first();
    return parser.isSet(clientOption) ? visit(parser.value(clientOption), file) : tour(file);
}
