// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ExampleStyle

ApplicationWindow {
    id: window

    property alias userName: room.userName
    property alias address: room.address

    width: 760
    height: 520
    minimumWidth: 480
    minimumHeight: 320
    visible: true
    color: Theme.background
    title: "Chat — %1 (process %2)".arg(room.userName).arg(room.ownPid)

    ChatRoom {
        id: room

        userName: "somebody"
        onSaid: conversation.end.restart()
    }

    onClosing: room.open = false

    Shortcut {
        sequences: [StandardKey.Quit]
        onActivated: window.close()
    }
    Shortcut {
        sequence: "F2"
        onActivated: nameField.forceActiveFocus()
    }

    RowLayout {
        anchors.fill: parent
        anchors.margins: Theme.gap
        spacing: Theme.gap

        Panel {
            Layout.preferredWidth: Math.max(200, Math.min(250, window.width / 3))
            Layout.fillHeight: true
            title: "In this room"
            note: room.members.length

            ScrolledList {
                id: memberList

                objectName: "members"
                Layout.fillWidth: true
                Layout.fillHeight: true
                spacing: 12
                model: room.members
                delegate: MemberItem {
                    width: memberList.width
                    hostPid: room.hostPid
                    ownPid: room.ownPid
                }
            }
            Text {
                text: "Your name (F2)"
                color: Theme.muted
                font.pixelSize: 12
            }
            InputField {
                id: nameField

                objectName: "name"
                Layout.fillWidth: true
                text: room.userName
                maximumLength: 40
                Accessible.name: "Your name"
                onEditingFinished: {
                    if (text.trim() !== "")
                        room.userName = text.trim();
                    text = Qt.binding(() => room.userName);
                }
                onAccepted: input.forceActiveFocus()
                Keys.onEscapePressed: {
                    text = room.userName;
                    input.forceActiveFocus();
                }
            }
        }

        Panel {
            Layout.fillWidth: true
            Layout.fillHeight: true
            title: room.address
            note: room.connected ? (room.hosting ? "this process is the host" : "host: process " + room.hostPid) : "connecting…"

            ScrolledList {
                id: conversation

                // Once its items have their sizes.
                readonly property Timer end: Timer {
                    interval: 0
                    onTriggered: conversation.positionViewAtEnd()
                }

                objectName: "conversation"
                Layout.fillWidth: true
                Layout.fillHeight: true
                spacing: 8
                model: room.log
                onWidthChanged: end.restart()
                onHeightChanged: end.restart()
                delegate: MessageItem {
                    width: conversation.width - 12
                    ownPid: room.ownPid
                }
            }
            RowLayout {
                spacing: Theme.gap

                InputField {
                    id: input

                    objectName: "input"
                    Layout.fillWidth: true
                    focus: true
                    placeholderText: "Say something"
                    maximumLength: room.maximumText
                    Accessible.name: placeholderText
                    onAccepted: sendButton.clicked()
                }
                ActionButton {
                    id: sendButton

                    objectName: "send"
                    text: "Send"
                    enabled: room.connected && input.text.trim() !== ""
                    onClicked: {
                        if (!enabled)
                            return;
                        room.say(input.text.trim());
                        input.clear();
                    }
                }
            }
        }
    }

    Component.onCompleted: input.forceActiveFocus()
}
