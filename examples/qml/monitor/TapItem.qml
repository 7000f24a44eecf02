// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Layouts
import ExampleStyle

// A row of the table of connections.
Rectangle {
    id: item

    required property Tap connection
    required property int index
    property var columns
    property int tick // changes when the counts are to be looked at

    readonly property var texts: textsAt(tick)

    function textsAt(tick: int): var {
        // It is gone a moment before its row is.
        if (!connection)
            return [];
        const counts = connection.counts;
        return [
            "#" + connection.number,
            connection.pid,
            connection.uid,
            Qt.formatTime(connection.since, "HH:mm:ss"),
            counts.messagesSent + " / " + counts.messagesReceived,
            bytes(counts.sent) + " / " + bytes(counts.received)
        ];
    }

    function bytes(size: double): string {
        const units = ["B", "kB", "MB", "GB"];
        let i = 0;
        while (size >= 1000 && i < units.length - 1) {
            size /= 1000;
            ++i;
        }
        return (i === 0 ? size : size.toFixed(1)) + " " + units[i];
    }

    implicitHeight: 28
    radius: 6
    color: index % 2 === 0 ? Theme.raised : "transparent"

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 8
        anchors.rightMargin: 8
        spacing: 8

        Repeater {
            model: item.columns.length

            Text {
                required property int index

                Layout.preferredWidth: item.columns[index].width
                Layout.fillWidth: item.columns[index].fill
                text: item.texts[index] ?? ""
                color: index === 0 ? Theme.colorOf(item.connection?.number ?? 0) : Theme.text
                font.pixelSize: 13
                font.bold: index === 0
                elide: Text.ElideRight
            }
        }
    }
}
