"""What the page shows, as text: answers, cards and conversations as HTML, wording in several languages. Pure; knows nothing of Gradio."""
