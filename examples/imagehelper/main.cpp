// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// An image viewer whose pictures are decoded by another process, which hands the pixels back in shared memory.
//
// Where to begin reading: protocol.h is what the two have agreed upon, viewer.cpp and decoder.cpp are the two sides, and
// sharedpixels.cpp is how the pixels travel without being copied through the socket.

#include "decoder.h"
#include "viewer.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QLinearGradient>
#include <QPainter>
#include <QTemporaryDir>

#include <cstdio>

using namespace InterprocessQt;

namespace
{

constexpr char Description[] =
    "Shows pictures that another process decodes: the helper gets the open file and\n"
    "nothing else, and hands the pixels back as sealed shared memory. A picture that\n"
    "breaks the decoder breaks the helper, and not the viewer.\n"
    "\n"
    "Without arguments three pictures are made and shown: a good one, one that is cut\n"
    "off, and one of which the helper dies.\n"
    "\n"
    "The exit code is 0 if every picture could be shown, or without arguments if it\n"
    "went as described; 1 if not, and 2 if the command line is wrong.";

QImage paint()
{
    QImage image(1600, 1000, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    QLinearGradient sky(0, 0, 0, 1000);
    sky.setColorAt(0, QColor(20, 40, 120));
    sky.setColorAt(0.6, QColor(240, 150, 90));
    sky.setColorAt(0.601, QColor(20, 70, 60));
    sky.setColorAt(1, QColor(5, 20, 20));
    painter.fillRect(image.rect(), sky);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(255, 230, 140));
    painter.drawEllipse(QPoint(800, 520), 160, 160);
    return image;
}

QStringList makePictures(const QString &directory)
{
    const QStringList files{directory + "/sunset.png", directory + "/cut-off.png", directory + "/killer.png", directory + "/sunset-again.png"};
    const QImage picture = paint();
    picture.save(files[0]);
    picture.save(files[2]);
    picture.save(files[3]);
    QFile whole(files[0]);
    QFile part(files[1]);
    if (whole.open(QIODevice::ReadOnly) && part.open(QIODevice::WriteOnly))
        part.write(whole.read(200));
    return files;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv); // neither side shows a window
    QCommandLineParser parser;
    parser.setApplicationDescription(Description);
    parser.addHelpOption();
    parser.addPositionalArgument("picture", "a file to be shown", "[picture...]");
    QCommandLineOption decodeFor("decode-for", "be the helper of the viewer at this address", "address");
    decodeFor.setFlags(QCommandLineOption::HiddenFromHelp);
    parser.addOption(decodeFor);
    parser.process(application);

    if (parser.isSet(decodeFor)) {
        const Decoder decoder(Address::fromString(parser.value(decodeFor)));
        return QCoreApplication::exec();
    }
    QTemporaryDir directory;
    const bool made = parser.positionalArguments().isEmpty();
    const QStringList pictures = made ? makePictures(directory.path()) : parser.positionalArguments();
    Viewer viewer(pictures);
    constexpr int MeantToFail = 2; // of those that are made here
    QObject::connect(
        &viewer,
        &Viewer::finished,
        &application,
        [made](int failures) {
            QCoreApplication::exit(failures == (made ? MeantToFail : 0) ? 0 : 1);
        },
        Qt::QueuedConnection);
    return viewer.start() ? QCoreApplication::exec() : 1;
}
